/** Asks an edge node for its births, seldom enough that a node in trouble is not buried in requests. */
export class RebirthLimiter {
  readonly #intervalMs: number
  readonly #send: (group: string, node: string) => void
  readonly #lately = new Map<string, { timer: NodeJS.Timeout; isWanted: boolean }>()

  constructor(intervalMs: number, send: (group: string, node: string) => void) {
    this.#intervalMs = intervalMs
    this.#send = send
  }

  /** Sends a request now, or, when one went out lately, once after the interval unless a birth comes first. */
  request(group: string, node: string): void {
    const key = `${group}/${node}`
    const lately = this.#lately.get(key)
    if (lately) {
      lately.isWanted = true
      return
    }
    const timer = setTimeout(() => {
      const isWanted = this.#lately.get(key)?.isWanted ?? false
      this.#lately.delete(key)
      if (isWanted) this.request(group, node)
    }, this.#intervalMs)
    this.#lately.set(key, { timer, isWanted: false })
    this.#send(group, node)
  }

  /** The births came. */
  satisfied(group: string, node: string): void {
    const lately = this.#lately.get(`${group}/${node}`)
    if (lately) lately.isWanted = false
  }

  close(): void {
    for (const { timer } of this.#lately.values()) clearTimeout(timer)
    this.#lately.clear()
  }
}
