import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SampleValue } from '@throughline/model'
import type { FromServer, ToServer, ValueMessage } from './messages.ts'

export interface OpcUaServerOptions {
  /** 0 = any free port, told by `port` once it is up; a restart keeps it. */
  readonly port: number
  /** Certificates and the process id (`opcua-server.pid`) live here. */
  readonly homeDir: string
  /** How long the server stays away after it died. */
  readonly restartAfterMs?: number
  /** The present value of every tag, for a server that begins. */
  readonly present: () => readonly ValueMessage[]
  /** A client writes a set-point; false refuses it. */
  readonly onWrite: (tag: number, value: SampleValue) => boolean
  readonly log: (line: string) => void
}

const child = fileURLToPath(new URL('./server-process.ts', import.meta.url))

/** Keeps the plant's OPC UA server alive in a process of its own; the plant goes on without it while it is down. */
export class OpcUaServerSupervisor {
  readonly #options: OpcUaServerOptions
  #port: number
  #child: ChildProcess | undefined
  #ready = false
  #stopped = false
  #restart: NodeJS.Timeout | undefined
  #firstReady = Promise.withResolvers<void>()

  constructor(options: OpcUaServerOptions) {
    this.#options = options
    this.#port = options.port
  }

  get port(): number {
    return this.#port
  }

  /** Process id of the server that runs now: what a test kills. */
  get pid(): number | undefined {
    return this.#ready ? this.#child?.pid : undefined
  }

  get endpoint(): string {
    return `opc.tcp://127.0.0.1:${this.#port}`
  }

  /** Starts the server; settles when it listens for the first time, which may need some attempts. */
  async start(): Promise<void> {
    mkdirSync(this.#options.homeDir, { recursive: true, mode: 0o700 })
    this.#spawn()
    await this.#firstReady.promise
  }

  /** Hands values to the server; while it is down they are lost, as with a real one. */
  put(values: readonly ValueMessage[]): void {
    if (this.#ready && values.length > 0) this.#tell({ type: 'values', values })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#restart)
    const running = this.#child
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
    const { promise, resolve } = Promise.withResolvers<void>()
    running.once('exit', () => resolve())
    this.#tell({ type: 'stop' })
    const hard = setTimeout(() => running.kill('SIGKILL'), 3000)
    await promise
    clearTimeout(hard)
  }

  #spawn(): void {
    const { homeDir, log } = this.#options
    // Small heaps: the address space is some thousand nodes, and V8 would else grow into what the machine has.
    const running = fork(child, [String(this.#port), join(homeDir, 'opcua-pki')], {
      ...{ serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
      execArgv: ['--max-semi-space-size=1', '--optimize-for-size', '--max-old-space-size=160'],
    })
    this.#child = running
    running.on('message', (message: FromServer) => this.#hear(message))
    running.on('error', (error) => log(`OPC UA server: ${error.message}`))
    running.once('exit', (code, signal) => {
      this.#ready = false
      rmSync(this.#pidFile, { force: true })
      if (this.#stopped) return
      log(`OPC UA server ended (${signal ?? code}); it comes back in ${this.#restartAfterMs / 1000} s`)
      this.#restart = setTimeout(() => this.#spawn(), this.#restartAfterMs)
    })
  }

  #hear(message: FromServer): void {
    switch (message.type) {
      case 'ready':
        this.#port = message.port
        this.#ready = true
        if (this.#child?.pid !== undefined) writeFileSync(this.#pidFile, `${this.#child.pid}\n`)
        this.put(this.#options.present())
        this.#options.log(`OPC UA server listens at ${this.endpoint}`)
        this.#firstReady.resolve()
        return
      case 'failed':
        this.#options.log(`OPC UA server cannot start: ${message.reason}`)
        return
      case 'write':
        this.#tell({ type: 'written', id: message.id, taken: this.#options.onWrite(message.tag, message.value) })
        return
    }
  }

  #tell(message: ToServer): void {
    if (this.#child?.connected) this.#child.send(message, () => {})
  }

  get #restartAfterMs(): number {
    return this.#options.restartAfterMs ?? 2000
  }

  get #pidFile(): string {
    return join(this.#options.homeDir, 'opcua-server.pid')
  }
}
