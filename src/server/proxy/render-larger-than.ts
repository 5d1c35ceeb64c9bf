/** A pattern that matches the decimal numbers greater than `most`: nginx compares texts only. */
export function renderLargerThan(most: number): string {
  const digits = String(most)
  if (!/^[1-9]\d{0,14}$/.test(digits)) throw new Error(`${most} is not a positive whole number`)
  const larger = [...digits].flatMap((digit, index) => {
    if (digit === '9') return []
    const next = Number(digit) + 1
    const rest = digits.length - index - 1
    return [`${digits.slice(0, index)}${next === 9 ? '9' : `[${next}-9]`}${rest > 0 ? `[0-9]{${rest}}` : ''}`]
  })
  return `^0*(?:[1-9][0-9]{${digits.length},}|${larger.join('|')})$`.replace('|)', ')')
}
