import { summarise } from './summarise.mjs'

const MIB = 1024 ** 2
const inUnit = (unit) => (value) => (unit === 'MiB' ? value / MIB : value)

/** A figure of ours as a ratio to somebody's in the same run: the ratio of the medians, and of ours `wanted` times the other's at most. */
export function compare({ name, unit, against, wanted, ruche, other }) {
  const [ours, theirs] = [ruche, other].map((values) => summarise(values.map(inUnit(unit))))
  const value = ours.median / theirs.median
  return {
    name: `${name} : ${against}`,
    ...judge(value, wanted),
    ...{ unit, rounds: ruche.length, ruche: ours, other: theirs },
  }
}

/** A figure of ours by itself. */
export function state({ name, unit, wanted, values }) {
  const ruche = summarise(values.map(inUnit(unit)))
  return { name, ...judge(ruche.median, wanted), unit, rounds: values.length, ruche }
}

/** Nothing wanted: it is shown for comparison. */
function judge(value, wanted) {
  return { value, wanted: wanted ?? null, met: wanted === undefined ? null : value <= wanted }
}

/** What one part found, for people or, with --json, as one document. */
export function print({ ratios, missing = [], versions = {} }) {
  if (process.argv.includes('--json')) return console.log(JSON.stringify({ ratios, missing, versions }, null, 2))
  console.table(ratios.map(asColumns))
  for (const { name, why } of missing) console.log(`${name} is not here: ${why}`)
}

function asColumns({ name, value, wanted, met, unit, rounds, ruche, other, atLeast }) {
  const range = (figures) =>
    figures ? `${short(figures.median)} (${short(figures.min)}–${short(figures.max)}) ${unit}` : '–'
  return {
    what: name,
    value: short(value),
    wanted: wanted === null ? '–' : `${atLeast ? '≥' : '≤'} ${wanted}`,
    met: met === null ? '–' : met ? 'yes' : 'NO',
    Ruche: range(ruche),
    other: range(other),
    rounds,
  }
}

const short = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))
