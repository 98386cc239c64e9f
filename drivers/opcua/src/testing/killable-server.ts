import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { SampleValue } from '@throughline/model'
import type { OpcUaServerOptions, ServerValue } from './server.ts'
import type { ServerAnswer, ServerRequest } from './server-process.ts'

type Unnumbered = ServerRequest extends infer Each ? (Each extends unknown ? Omit<Each, 'id'> : never) : never

/** The test server in a process of its own, so that it can be killed and frozen like a real one. */
export class KillableServer {
  readonly #options: Omit<OpcUaServerOptions, 'port'>
  readonly #values = new Map<string, ServerValue>()
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #port = 0
  #nextId = 1
  #process: ChildProcess | null = null

  constructor(options: Omit<OpcUaServerOptions, 'port'>) {
    this.#options = options
  }

  get endpoint(): string {
    return `opc.tcp://127.0.0.1:${this.#port}`
  }

  /** The first start takes a free port, later ones take the same; values set before are set again. */
  async start(): Promise<void> {
    const child = fork(new URL('./server-process.ts', import.meta.url), { serialization: 'advanced', execArgv: [] })
    this.#process = child
    child.on('message', ({ id, value, error }: ServerAnswer) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error === undefined) waiting?.resolve(value)
      else waiting?.reject(new Error(error))
    })
    child.on('exit', () => {
      if (this.#process !== child) return
      for (const waiting of this.#waiting.values()) waiting.reject(new Error('the test server has ended'))
      this.#waiting.clear()
    })
    this.#port = Number(await this.#ask({ ask: 'start', options: { ...this.#options, port: this.#port } }))
    for (const [path, value] of this.#values) await this.#ask({ ask: 'set', path, value })
  }

  async kill(): Promise<void> {
    const child = this.#process
    this.#process = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  /** Freezes it: the system still accepts connections for it, and nothing answers. */
  freeze(): void {
    this.#process?.kill('SIGSTOP')
  }

  async set(path: string, value: ServerValue): Promise<void> {
    await this.#ask({ ask: 'set', path, value })
    this.#values.set(path, value)
  }

  async get(path: string): Promise<SampleValue | null> {
    const value = (await this.#ask({ ask: 'get', path })) as SampleValue | null
    return value
  }

  async sessionCount(): Promise<number> {
    return Number(await this.#ask({ ask: 'session-count' }))
  }

  async #ask(request: Unnumbered): Promise<unknown> {
    const child = this.#process
    if (child === null) throw new Error('the test server is not running')
    const id = this.#nextId++
    const answer = Promise.withResolvers<unknown>()
    this.#waiting.set(id, answer)
    child.send({ ...request, id })
    return await answer.promise
  }
}
