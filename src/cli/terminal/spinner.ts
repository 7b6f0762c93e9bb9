const frames = Array.from('⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏')
const frameMs = 100

export interface Spinner {
  /** From now on this is being done; undefined: nothing is. */
  show(what: string | undefined): void
}

/** Draws what is being done with a mark that turns, and after a second with the seconds that it has taken. */
export function spinner(draw: (shown: string | undefined) => void): Spinner {
  let timer: NodeJS.Timeout | undefined
  let since = 0
  let doing: string | undefined
  const drawNow = (): void => {
    const passed = performance.now() - since
    const seconds = Math.floor(passed / 1_000)
    draw(`${frames[Math.floor(passed / frameMs) % frames.length] ?? ''} ${doing ?? ''}${seconds > 0 ? ` ${seconds} s` : ''}`)
  }
  return {
    show: (what) => {
      if (what === undefined) {
        clearInterval(timer)
        timer = undefined
        doing = undefined
        draw(undefined)
        return
      }
      doing = what
      if (timer === undefined) {
        since = performance.now()
        timer = setInterval(drawNow, frameMs)
      }
      drawNow()
    },
  }
}
