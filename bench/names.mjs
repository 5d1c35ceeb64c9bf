// What one name more costs among 10, 1,000 and 5,000, until the front proxy serves it: `node bench/names.mjs [--quick] [--json]`, as root.
import { bundle } from './bundle.mjs'
import { compare, print, state } from './rows.mjs'

const isQuick = process.argv.includes('--quick')
const AMONG = [10, 1_000, 5_000]
/** The curve of one bare `map`, which was served after 68, 92 and 101 ms; one server block for each name took 58, 136 and 785. */
const WANTED = { 1000: 92 / 68, 5000: 101 / 68 }
const VISITORS = 8
const ROUNDS = isQuick ? 3 : 9

const { openLab, measureCrowd } = await bundle(
  'names',
  `export { openLab } from '../tests/root/proxy/lab/lab.js'
export { measureCrowd } from '../tests/root/proxy/lab/crowd.js'`,
)
const lab = await openLab()
const crowds = []
try {
  await lab.startPanel()
  await lab.listen('shop', '10.1.1.2', 'echo')
  for (const names of AMONG) crowds.push({ names, ...(await measureCrowd(lab, names, VISITORS, ROUNDS)) })
} finally {
  await lab.close()
}
const [few] = crowds
for (const { names, failures } of crowds)
  if (failures.length > 0) throw new Error(`${failures.length} visits failed among ${names} names: ${failures[0]}`)
print({
  ratios: [
    state({ name: `one name more among ${few.names}, ms`, unit: 'ms', values: few.addMs }),
    ...crowds.slice(1).map(({ names, addMs }) =>
      compare({
        name: `one name more among ${names}`,
        ...{ unit: 'ms', against: `among ${few.names}`, wanted: WANTED[names], ruche: addMs, other: few.addMs },
      }),
    ),
    ...crowds.map(({ names, memoryBytes }) =>
      state({ name: `nginx with ${names} names, MiB`, unit: 'MiB', values: [memoryBytes] }),
    ),
  ],
})
