/** Pure but for its own counting: lines of apt-get(8) → how far it is, in percent, or undefined while that is unknown. */
export function trackInstall(): (line: string) => number | undefined {
  let steps = 0
  let done = 0
  return (line) => {
    const announced = /^(\d+) upgraded, (\d+) newly installed/.exec(line)
    if (announced) {
      steps = 2 * (Number(announced[1]) + Number(announced[2]))
      done = 0
    } else if (/^(Unpacking|Setting up) /.test(line)) done += 1
    return steps === 0 ? undefined : Math.min(100, Math.round((100 * done) / steps))
  }
}
