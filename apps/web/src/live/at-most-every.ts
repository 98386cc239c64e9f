/** A function that is run at once, and then at most once in this time, however often it is asked for; `stop` for good. */
export function atMostEvery(ms: number, run: () => void): { readonly ask: () => void; readonly stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let wanted = false
  function ask(): void {
    if (timer !== undefined) {
      wanted = true
      return
    }
    run()
    timer = setTimeout(() => {
      timer = undefined
      if (!wanted) return
      wanted = false
      ask()
    }, ms)
  }
  return { ask, stop: () => clearTimeout(timer) }
}
