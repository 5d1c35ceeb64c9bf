/** The ratios beside others as bars (SVG 1.1): one line for each, with what is wanted as a mark. Pure. */
export function plot({ ratios, machine, at }) {
  const rows = ratios.filter(({ other }) => other)
  const most = Math.max(...rows.map(({ value, wanted }) => Math.max(value, wanted ?? 0)), 1)
  const [left, wide, high] = [330, 420, 24]
  const x = (value) => left + (value / most) * wide
  const lines = rows.map((row, index) => renderRow(row, 56 + index * high, { left, x }))
  const height = 76 + rows.length * high
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + wide + 90}" height="${height}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#fff"/>
<text x="12" y="22" font-size="16" font-weight="bold">Ruche beside others: ratio of the medians</text>
<text x="12" y="42" fill="#666">${spell(`${machine.cpus} cores, kernel ${machine.kernel}, ${at.slice(0, 10)}; the mark is what is wanted`)}</text>
${lines.join('')}<line x1="${x(1)}" y1="52" x2="${x(1)}" y2="${height - 16}" stroke="#888" stroke-dasharray="3 3"/>
</svg>
`
}

const COLOURS = { true: '#2f8f4e', false: '#c8452f', null: '#e0a526' }

function renderRow({ name, value, wanted, met }, y, { left, x }) {
  const mark = wanted === null ? '' : `<rect x="${x(wanted) - 1}" y="${y}" width="2" height="18" fill="#222"/>`
  return `<text x="${left - 8}" y="${y + 14}" text-anchor="end">${spell(name)}</text>
<rect x="${left}" y="${y + 2}" width="${x(value) - left}" height="14" rx="2" fill="${COLOURS[met]}"/>${mark}
<text x="${x(value) + 6}" y="${y + 14}">${value.toFixed(2)}</text>
`
}

const spell = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
