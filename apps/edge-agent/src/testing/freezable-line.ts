import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** A line to a port of this machine that a test can hold still, without either end being told. */
export class FreezableLine {
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()

  private constructor(target: number) {
    this.#server = createServer((near) => this.#join(near, connect(target, '127.0.0.1')))
  }

  static async to(target: number): Promise<FreezableLine> {
    const line = new FreezableLine(target)
    line.#server.listen(0, '127.0.0.1')
    await once(line.#server, 'listening')
    return line
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Nothing is read any more, in either direction. */
  freeze(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.unpipe().pause()
  }

  thaw(): void {
    for (const [near, far] of this.#pairs) {
      near.pipe(far)
      far.pipe(near)
    }
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(near: Socket, far: Socket): void {
    const pair = [near, far] as const
    this.#pairs.add(pair)
    for (const socket of pair) {
      socket.on('error', () => {})
      socket.once('close', () => {
        near.destroy()
        far.destroy()
        this.#pairs.delete(pair)
      })
    }
    near.pipe(far)
    far.pipe(near)
  }
}
