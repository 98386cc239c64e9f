import type { AddressInfo, Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** Stands between a driver and the broker, so that a test can cut or freeze the line without touching either. */
export class LineProxy {
  readonly #target: number
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #server: Server | null = null
  #frozen = false
  port = 0

  constructor(target: number) {
    this.#target = target
  }

  /** Lines that are open on the driver's side. */
  get openLines(): number {
    return this.#pairs.size
  }

  /** Works from now on, on the same port as before; open lines are cut. */
  async start(): Promise<void> {
    await this.stop()
    this.#frozen = false
    const server = createServer((near) => this.#join(near))
    this.#server = server
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
    this.port = (server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = null
    for (const [near, far] of this.#pairs) {
      near.destroy()
      far.destroy()
    }
    this.#pairs.clear()
    if (server) await new Promise((resolve) => server.close(resolve))
  }

  /** From now on nothing passes, in either direction. */
  freeze(): void {
    this.#frozen = true
    for (const [near, far] of this.#pairs) {
      near.unpipe().pause()
      far.unpipe().pause()
    }
  }

  #join(near: Socket): void {
    const far = connect(this.#target, '127.0.0.1')
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
    if (this.#frozen) return
    near.pipe(far)
    far.pipe(near)
  }
}
