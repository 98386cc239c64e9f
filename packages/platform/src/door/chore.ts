/** Something that is done again and again, never twice at once. */
export class Chore {
  readonly #timer: NodeJS.Timeout
  #running: Promise<void> | undefined

  constructor(everyMs: number, run: () => Promise<void>, onFailure: (error: unknown) => void) {
    this.#timer = setInterval(() => {
      this.#running ??= run()
        .catch(onFailure)
        .finally(() => {
          this.#running = undefined
        })
    }, everyMs)
    this.#timer.unref()
  }

  /** Settles once what is under way is done. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }
}
