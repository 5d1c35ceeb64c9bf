// Pictures of pages have few colours: a palette of 256 makes their files several times smaller (PNG specification, 11.2.2).
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
const MOST_COLOURS = 256

/** The same picture with at most 256 colours. Takes what Chromium writes: 8 bits per channel, not interlaced, nothing transparent. */
export function toPalettePng(png) {
  const { width, height, pixels } = decode(png)
  const counts = new Map()
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const palette = choosePalette(counts)
  const indexOf = new Map([...counts.keys()].map((colour) => [colour, findNearest(palette, colour)]))
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexOf.get(pixels[y * width + x])
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  const colours = Buffer.from(palette.flatMap(channels))
  const data = deflateSync(rows, { level: 9, memLevel: 9 })
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function decode(png) {
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  const bytes = { 2: 3, 6: 4 }[png[25]]
  if (png[24] !== 8 || bytes === undefined || png[28] !== 0) throw new Error('not a picture as Chromium writes them')
  const parts = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  const raw = inflateSync(Buffer.concat(parts))
  const stride = width * bytes
  const pixels = new Uint32Array(width * height)
  let above = Buffer.alloc(stride)
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1)
    const row = raw.subarray(start + 1, start + 1 + stride)
    unfilter(raw[start], row, above, bytes)
    for (let x = 0; x < width; x++) pixels[y * width + x] = row.readUIntBE(x * bytes, 3)
    above = row
  }
  return { width, height, pixels }
}

function unfilter(filter, row, above, bytes) {
  for (let i = 0; i < row.length; i++) {
    const left = i < bytes ? 0 : row[i - bytes]
    const corner = i < bytes ? 0 : above[i - bytes]
    row[i] += [0, left, above[i], (left + above[i]) >> 1, paeth(left, above[i], corner)][filter]
  }
}

function paeth(left, above, corner) {
  const guess = left + above - corner
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(guess - value))
  if (a <= b && a <= c) return left
  return b <= c ? above : corner
}

const channels = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]

// Median cut. The colour of a box is its most frequent one, so that large areas keep theirs exactly.
function choosePalette(counts) {
  const boxes = [measure([...counts])]
  while (boxes.length < MOST_COLOURS) {
    boxes.sort((a, b) => a.weight - b.weight)
    const box = boxes.pop()
    if (box.weight === 0) return [...boxes, box].map(({ main }) => main)
    const sorted = box.colours.sort(([a], [b]) => channels(a)[box.channel] - channels(b)[box.channel])
    const middle = findMiddle(sorted)
    boxes.push(measure(sorted.slice(0, middle)), measure(sorted.slice(middle)))
  }
  return boxes.map(({ main }) => main)
}

// The square root: a shade of few pixels counts for something beside a large area.
const importance = ([, count]) => Math.sqrt(count)

function findMiddle(sorted) {
  const half = sorted.reduce((sum, colour) => sum + importance(colour), 0) / 2
  let sum = 0
  const at = sorted.findIndex((colour) => {
    sum += importance(colour)
    return sum >= half
  })
  return Math.min(sorted.length - 1, Math.max(1, at))
}

function measure(colours) {
  const spans = [0, 1, 2].map((channel) => {
    const values = colours.map(([colour]) => channels(colour)[channel])
    return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b))
  })
  const span = Math.max(...spans)
  const [main] = colours.reduce((best, one) => (one[1] > best[1] ? one : best))
  const weight = span * colours.reduce((sum, colour) => sum + importance(colour), 0)
  return { colours, main, channel: spans.indexOf(span), weight }
}

function findNearest(palette, colour) {
  const wanted = channels(colour)
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (const [index, candidate] of palette.entries()) {
    const distance = channels(candidate).reduce((sum, value, n) => sum + (value - wanted[n]) ** 2, 0)
    if (distance < least) {
      best = index
      least = distance
    }
  }
  return best
}

function chunk(type, data) {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, sum])
}
