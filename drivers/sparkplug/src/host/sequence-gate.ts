/** One message as it stands in an edge node's sequence. */
export interface Sequenced {
  readonly seq: number
  readonly bytes: Buffer
}

/** How many past messages are remembered to know a repeated one. */
const remembered = 32

/**
 * Brings the messages of one edge node back into the order of their sequence numbers (0 to 255, round again). A message
 * that comes early is held until the ones before it are here, or until the caller gives up waiting with `release`.
 */
export class SequenceGate<Message extends Sequenced> {
  #expected: number
  #held: Message[] = []
  readonly #recent = new Map<number, Buffer>()

  constructor(firstSeq: number) {
    this.#expected = firstSeq
  }

  /** True while a message is missing. */
  get isWaiting(): boolean {
    return this.#held.length > 0
  }

  /** So much is held that waiting for more makes no sense: every number was seen at least once. */
  get isFull(): boolean {
    return this.#held.length > 256
  }

  /** The number that is waited for. */
  get expected(): number {
    return this.#expected
  }

  /** What can be handled now, in order; `duplicate` for a message that was handled or is held already. */
  accept(message: Message): Message[] | 'duplicate' {
    if (this.#recent.get(message.seq)?.equals(message.bytes)) return 'duplicate'
    if (this.#held.some(({ seq, bytes }) => seq === message.seq && bytes.equals(message.bytes))) return 'duplicate'
    this.#held.push(message)
    return this.#takeReady()
  }

  /** Gives up on what is missing: all that is held, in order. */
  release(): Message[] {
    const all: Message[] = []
    while (this.#held.length > 0) {
      const [nearest] = this.#held.toSorted((a, b) => this.#distance(a) - this.#distance(b))
      this.#expected = nearest?.seq ?? this.#expected
      all.push(...this.#takeReady())
    }
    return all
  }

  #takeReady(): Message[] {
    const ready: Message[] = []
    for (;;) {
      const index = this.#held.findIndex(({ seq }) => seq === this.#expected)
      const [next] = index === -1 ? [] : this.#held.splice(index, 1)
      if (!next) return ready
      ready.push(next)
      this.#remember(next)
      this.#expected = (next.seq + 1) % 256
    }
  }

  #distance({ seq }: Message): number {
    return (seq - this.#expected + 256) % 256
  }

  #remember({ seq, bytes }: Message): void {
    this.#recent.set(seq, bytes)
    this.#recent.delete((seq - remembered + 256) % 256)
  }
}
