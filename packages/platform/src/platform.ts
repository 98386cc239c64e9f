import type { Clock, Id, Instant } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import type { DomainEventName, DomainEvents, Operation, Permission, RecordRef } from '@throughline/model'
import { SignatureInput } from '@throughline/model'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { z } from 'zod'
import { migrate } from './database/migrate.ts'
import type { Database, Tables } from './database/tables.ts'
import type { Actor } from './door/actor.ts'
import { nobody, systemActor } from './door/actor.ts'
import type { Witness } from './door/audit.ts'
import { inTransaction, openEntry, writeAuditEntry } from './door/audit.ts'
import type { Scopes } from './door/authorise.ts'
import { assertProved, assertScope, nodesWith, scopesFor } from './door/authorise.ts'
import { Chore } from './door/chore.ts'
import { forgetOldKeys, keepsOutput, takeKey } from './door/idempotency.ts'
import { parseInput, withoutSecrets } from './door/input.ts'
import type { ToldEvent } from './door/outbox.ts'
import { OutboxWorker } from './door/outbox.ts'
import type { Attendance, Authenticator, Hierarchy, Signer } from './door/ports.ts'
import type { SessionEffects, TerminalEffects, UnitOfWork } from './door/unit-of-work.ts'
import type { Done, Signing, WorkOrder } from './door/work.ts'
import { Work } from './door/work.ts'
import type { RawRoute } from './http/raw-route.ts'
import { mountAuditOperations } from './ledger/audit-trail.ts'
import type { ClockStatus } from './ledger/leaf.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { RecordWords } from './ledger/record-words.ts'
import { titleOf } from './ledger/record-words.ts'
import { mountReviewOperations } from './ledger/review/operations.ts'
import { findEra } from './ledger/store.ts'
import type { Module } from './module.ts'

export type Handler<Input extends z.ZodType, Output extends z.ZodType> = (
  uow: UnitOfWork,
  input: z.output<Input>,
) => Promise<z.input<Output>>

/** What is known of a request before its transaction begins. */
export interface Ask {
  readonly actor: Actor
  readonly at: Instant
  readonly terminal: TerminalEffects
}

type AnyHandler = (uow: UnitOfWork, input: unknown, prepared: unknown) => Promise<unknown>
type AnyPrepare = (ask: Ask, input: unknown) => Promise<unknown>
type Run = (uow: UnitOfWork) => Promise<void>
type AnyCheck = (uow: UnitOfWork, input: unknown) => Promise<void>

interface Mounted {
  readonly operation: Operation
  readonly handler: AnyHandler
  readonly prepare?: AnyPrepare
  readonly guards: { readonly name: string; readonly check: AnyCheck }[]
}

interface Subscriber {
  readonly event: DomainEventName
  readonly name: string
  readonly run: (uow: UnitOfWork, body: unknown) => Promise<void>
}

/** How one request reaches the door, beside who asks and what. */
export interface RunOptions {
  /** Repeating a request with the same key repeats the answer, not the change. */
  readonly idempotencyKey?: string
  /** Whether a change is refused without a key: over a network an answer can get lost. */
  readonly keyRequired?: boolean
  /** What the transport does for the caller's session after the commit. */
  readonly session?: SessionEffects
  /** The terminal that the request came from. */
  readonly terminal?: TerminalEffects
}

/** What the platform is told of the program and the machine that it runs in. */
export interface PlatformOptions {
  /** Logs in as the owner of the tables; default: `db` itself does. */
  readonly owner?: Database
  /** Version of the program, for every audit entry. */
  readonly software?: string
  readonly clockStatus?: () => ClockStatus
}

const noSession: SessionEffects = { start() {}, end() {} }
const noTerminal: TerminalEffects = { token: null, bind() {} }

/** The floor that all modules stand on: it knows transactions, permissions, audit and delivery, and no domain noun. */
export class Platform {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly #mounted = new Map<string, Mounted>()
  readonly #subscribers: Subscriber[] = []
  readonly #routes: RawRoute[] = []
  readonly #recordWords = new Map<string, RecordWords>()
  readonly #outbox: OutboxWorker
  readonly #forget: NodeJS.Timeout
  readonly #chores: Chore[] = []
  readonly #witness: Witness
  #authenticator: Authenticator | undefined
  #signer: Signer | undefined
  #ledger: Ledger | undefined
  #hierarchy: Hierarchy = { pathTo: async () => [] }

  private constructor(db: Database, clock: Clock, log: Logger, witness: Witness) {
    this.db = db
    this.#witness = witness
    this.clock = clock
    this.log = log
    this.#outbox = new OutboxWorker(
      db,
      (event) => this.#deliver(event),
      (event, reason) =>
        log.warn({ event: event.name, reason }, 'an event could not be delivered and will be repeated'),
    )
    this.#forget = setInterval(() => {
      forgetOldKeys(db, clock.now()).catch((error: unknown) => log.warn({ error }, 'old idempotency keys stay'))
    }, 3_600_000)
    this.#forget.unref()
  }

  /**
   * Brings the database up to date, mounts the modules and delivers what an earlier run left in the outbox.
   * Where `db` does not log in as the owner of the tables, `options.owner` does, and is needed for the first step only.
   * @throws DomainError `conflict` when the database was made by another version of the product
   */
  static async start(
    db: Database,
    modules: readonly Module[],
    clock: Clock,
    log: Logger,
    options: PlatformOptions = {},
  ): Promise<Platform> {
    const { software = '0.0.0', clockStatus = () => 'unknown' } = options
    const witness: Witness = { software, clockStatus }
    await migrate(options.owner ?? db, modules, witness)
    const platform = new Platform(db, clock, log, { ...witness, era: await findEra(db) })
    mountAuditOperations(platform)
    mountReviewOperations(platform)
    for (const module of modules) module.register(platform)
    platform.#outbox.wake()
    return platform
  }

  /** Finishes what is being delivered. The database stays open: who opened it closes it. */
  async stop(): Promise<void> {
    clearInterval(this.#forget)
    for (const chore of this.#chores) await chore.stop()
    await this.#outbox.stop()
  }

  /** Mounts the one handler of an operation. */
  handle<Input extends z.ZodType, Output extends z.ZodType>(
    operation: Operation<Input, Output>,
    handler: Handler<Input, Output>,
  ): void {
    this.#mount(operation, handler as unknown as AnyHandler)
  }

  /**
   * Mounts an operation that has to ask somebody outside first (a directory, an identity provider): `prepare` runs once
   * the caller may do this and before the transaction, which must not stay open over a network. What it throws refuses
   * the operation like any refusal; what it changes in tables that hold no records stays.
   */
  handlePrepared<Input extends z.ZodType, Output extends z.ZodType, Prepared>(
    operation: Operation<Input, Output>,
    prepare: (ask: Ask, input: z.output<Input>) => Promise<Prepared>,
    handler: (uow: UnitOfWork, input: z.output<Input>, prepared: Prepared) => Promise<z.input<Output>>,
  ): void {
    this.#mount(operation, handler as unknown as AnyHandler, prepare as unknown as AnyPrepare)
  }

  #mount(operation: Operation, handler: AnyHandler, prepare?: AnyPrepare): void {
    if (this.#mounted.has(operation.name)) {
      throw new DomainError('defect', 'platform.operation-mounted-twice', `Two modules handle ${operation.name}`)
    }
    // The registry forgets each operation's own types; `run` gives them back to its caller.
    const mounted = { operation, handler, guards: [] }
    this.#mounted.set(operation.name, prepare === undefined ? mounted : { ...mounted, prepare })
  }

  /**
   * Hears an event after its commit, in a transaction of its own, at least once: hearing it twice must change nothing. What
   * it makes of it stands in the trail where it changed a record.
   */
  on<Name extends DomainEventName>(
    event: Name,
    subscriber: string,
    run: (uow: UnitOfWork, body: DomainEvents[Name]) => Promise<void>,
  ): void {
    this.#subscribers.push({ event, name: subscriber, run: run as unknown as Subscriber['run'] })
  }

  /** Puts a guard in front of an operation: it may throw to refuse, and change nothing. */
  guard<Input extends z.ZodType, Output extends z.ZodType>(
    operation: Operation<Input, Output>,
    name: string,
    check: (uow: UnitOfWork, input: z.output<Input>) => Promise<void>,
  ): void {
    this.#get(operation.name).guards.push({ name, check: check as unknown as AnyCheck })
  }

  /** Does something again and again until the platform stops, never twice at once; what fails is logged and comes again. */
  every(ms: number, name: string, run: () => Promise<void>): void {
    const onFailure = (error: unknown): void => this.log.warn({ error, name }, 'it failed and will be done again')
    this.#chores.push(new Chore(ms, run, onFailure))
  }

  /** All mounted operations with the guards before them, by name. */
  operations(): { operation: Operation; guards: readonly string[] }[] {
    return [...this.#mounted.values()]
      .map(({ operation, guards }) => ({ operation, guards: guards.map((guard) => guard.name) }))
      .sort((a, b) => (a.operation.name < b.operation.name ? -1 : 1))
  }

  /** Adds a route beside the operations; see `RawRoute`. */
  route(route: RawRoute): void {
    this.#routes.push(route)
  }

  /** The routes beside the operations, for the transport. */
  routes(): readonly RawRoute[] {
    return this.#routes
  }

  authenticateWith(authenticator: Authenticator): void {
    this.#authenticator = authenticator
  }

  signWith(signer: Signer): void {
    this.#signer = signer
  }

  /** Says how records of a kind are called: on screen, in the statement of a signature, in documents. */
  callRecords(kind: string, words: RecordWords): void {
    this.#recordWords.set(kind, words)
  }

  recordWords(kind: string): RecordWords | undefined {
    return this.#recordWords.get(kind)
  }

  /** A record in words. */
  async titleOf(db: Kysely<Tables>, record: RecordRef, timeZone: string): Promise<string> {
    return await titleOf(db, record, this.recordWords(record.kind), timeZone)
  }

  /** The ledger over this database, once it is open. */
  proveWith(ledger: Ledger): void {
    this.#ledger = ledger
  }

  /** @throws DomainError `unavailable` while no ledger is open */
  get ledger(): Ledger {
    if (this.#ledger !== undefined) return this.#ledger
    throw new DomainError('unavailable', 'platform.ledger-not-open', 'The ledger is starting: try again in a moment')
  }

  locateWith(hierarchy: Hierarchy): void {
    this.#hierarchy = hierarchy
  }

  /**
   * Who stands behind the credentials of a request; `nobody` when there are none or they are not (or no longer) good. A
   * person's session goes before the terminal at which they sit.
   */
  async authenticate(
    credentials: { session?: string; apiKey?: string; terminal?: string },
    origin: string | null,
    attendance: Attendance = 'attended',
  ): Promise<Actor> {
    const { session, apiKey, terminal } = credentials
    const authenticator = this.#authenticator
    if (apiKey !== undefined) return (await authenticator?.byApiKey(apiKey, origin)) ?? nobody(origin)
    const person = session === undefined ? undefined : await authenticator?.bySession(session, origin, attendance)
    if (person !== undefined) return person
    const station = terminal === undefined ? undefined : await authenticator?.byTerminal?.(terminal, origin)
    return station ?? nobody(origin)
  }

  /** Which of these callers may speak no longer, for transports that keep a line open. */
  async findGone(actors: readonly Actor[]): Promise<ReadonlySet<Actor>> {
    return (await this.#authenticator?.findGone(actors)) ?? new Set()
  }

  /** Whether the actor holds a permission at a node: for transports that push (live values) instead of being asked. */
  async allows(actor: Actor, permission: Permission, nodeId: Id<'EquipmentNode'>): Promise<boolean> {
    const scopes = nodesWith(actor, permission)
    return scopes === null || (await this.#hierarchy.pathTo(nodeId)).some((each) => scopes.includes(each))
  }

  /** Settles once every event that can be delivered is delivered. */
  async idle(): Promise<void> {
    await this.#outbox.idle()
  }

  /**
   * The one door, for HTTP, CLI, edge and tests: permission, shape, scope, guards, then one transaction in which the
   * change, its audit entry and its events commit together or not at all.
   * @throws DomainError as the operation refuses; a refusal is audited like a success
   */
  async run<Input extends z.ZodType, Output extends z.ZodType>(
    operation: Operation<Input, Output>,
    actor: Actor,
    input: z.input<Input>,
    options: RunOptions = {},
  ): Promise<z.output<Output>> {
    return (await this.runByName(operation.name, actor, input, options)) as z.output<Output>
  }

  /** `run` for transports, which know an operation by its name alone. */
  async runByName(name: string, actor: Actor, input: unknown, options: RunOptions = {}): Promise<unknown> {
    const mounted = this.#get(name)
    const { operation } = mounted
    try {
      const scopes = scopesFor(actor, operation)
      const parsed = parseInput(operation, input)
      if (typeof operation.scope === 'function') {
        await assertScope(this.#hierarchy, actor, operation.summary, scopes, operation.scope(parsed))
      }
      assertProved(actor, operation, this.clock.now())
      if (!operation.mutates) return await this.#read(mounted, actor, scopes, parsed, options.terminal)
      if (options.keyRequired === true && options.idempotencyKey === undefined) throw keyMissing()
      return await this.#change(mounted, actor, scopes, parsed, options)
    } catch (error) {
      if (operation.mutates || isDenial(error)) await this.#auditRefusal(actor, operation, input, error)
      throw error
    }
  }

  /**
   * What the product does by itself, beside any request: one transaction with an entry of its own under the name
   * `operation`, and its events. `id` names the part of the product that acts. Without `run` it only tells the trail what
   * happened to the product: a start, a clock that was set.
   */
  async act(id: string, operation: string, input: unknown, run: Run = async () => {}): Promise<void> {
    await inTransaction(this.db, async (trx) => {
      const work = new Work(this.#order(trx, operation, systemActor(id), null))
      await work.open()
      await run(work)
      await work.close(work.entry({ operation, input }))
    })
    this.#outbox.wake()
  }

  /**
   * `act` for what goes on all the time, such as following samples: it leaves an entry only where it changed a record. What
   * is derived, or changed nothing, would fill the trail with entries that say nothing (`docs/decisions/0018`).
   */
  async react(id: string, operation: string, input: unknown, run: Run): Promise<void> {
    await this.#react(id, { operation, input }, run)
    this.#outbox.wake()
  }

  async #react(id: string, deed: Done, run: Run): Promise<void> {
    await inTransaction(this.db, async (trx) => {
      const work = new Work(this.#order(trx, deed.operation, systemActor(id), null))
      await work.open()
      await run(work)
      await work.closeIfChanged(deed)
    })
  }

  #get(name: string): Mounted {
    const mounted = this.#mounted.get(name)
    if (mounted === undefined) {
      throw new DomainError('not-found', 'platform.operation-unknown', `There is no operation ${name}`)
    }
    return mounted
  }

  async #read(
    mounted: Mounted,
    actor: Actor,
    scopes: Scopes,
    input: unknown,
    terminal: TerminalEffects = noTerminal,
  ): Promise<unknown> {
    const prepared = await mounted.prepare?.({ actor, at: this.clock.now(), terminal }, input)
    const work = new Work({ ...this.#order(this.db, mounted.operation.summary, actor, scopes), terminal })
    return parseOutput(mounted.operation, await mounted.handler(work, input, prepared))
  }

  async #change(mounted: Mounted, actor: Actor, scopes: Scopes, input: unknown, options: RunOptions): Promise<unknown> {
    const { operation, handler, guards } = mounted
    const key = options.idempotencyKey
    const effects: (() => void)[] = []
    const session: SessionEffects = {
      start: (token, maxAgeSeconds) => effects.push(() => options.session?.start(token, maxAgeSeconds)),
      end: () => effects.push(() => options.session?.end()),
      ...(options.session?.device === undefined ? {} : { device: options.session.device }),
    }
    const terminal: TerminalEffects = {
      token: options.terminal?.token ?? null,
      bind: (token, maxAgeSeconds) => effects.push(() => options.terminal?.bind(token, maxAgeSeconds)),
    }
    const prepared = await mounted.prepare?.({ actor, at: this.clock.now(), terminal }, input)
    const signing = await this.#signingOf(operation, actor, input)
    let tells = false
    const output = await inTransaction(this.db, async (trx) => {
      const order = this.#order(trx, operation.summary, actor, scopes)
      const work = new Work({ ...order, session, terminal, ...(signing === undefined ? {} : { signing }) })
      const told = withoutSecrets(operation, input)
      const [earlier, entry] = await Promise.all([
        key === undefined ? work.open() : takeKey(trx, work.at, actor, key, operation, told, work.entryId),
        work.entryMeanwhile({ operation: operation.name, input: told }),
      ])
      if (earlier !== undefined) return earlier.output
      for (const guard of guards) await guard.check(work, input)
      const answer = parseOutput(operation, await handler(work, input, prepared))
      const kept = key === undefined ? undefined : keepsOutput(actor, key, operation, answer)
      await work.close(entry, kept)
      tells = work.tells
      return answer
    })
    if (tells) this.#outbox.wake()
    for (const effect of effects) effect()
    return output
  }

  /** Who signs is proved before anything happens; a wrong password counts even though nothing changes. */
  async #signingOf(operation: Operation, actor: Actor, input: unknown): Promise<Signing | undefined> {
    if (operation.signature === undefined) return undefined
    const { signature: given } = z.object({ signature: SignatureInput }).parse(input)
    if (!operation.signature.includes(given.meaning)) throw meaningWrong(operation, given.meaning)
    const signer = this.#signer
    if (signer === undefined) throw new DomainError('defect', 'platform.signer-missing', 'No module checks signatures')
    return { signer, given, proven: await signer.prove(actor, given) }
  }

  #order(trx: Kysely<Tables>, doing: string, actor: Actor, scopes: Scopes): WorkOrder {
    return {
      trx,
      at: this.clock.now(),
      actor,
      witness: this.#witness,
      doing,
      scopes,
      hierarchy: this.#hierarchy,
      session: noSession,
      terminal: noTerminal,
    }
  }

  async #auditRefusal(actor: Actor, operation: Operation, input: unknown, error: unknown): Promise<void> {
    const outcome = error instanceof DomainError ? error.code : 'platform.defect'
    const at = this.clock.now()
    const deed = { id: newId<'AuditEntry'>(at), at, actor, operation: operation.name, outcome }
    try {
      await writeAuditEntry(this.db, openEntry(this.#witness, { ...deed, input: withoutSecrets(operation, input) }))
    } catch (failure) {
      this.log.error({ operation: operation.name, outcome, failure }, 'a refused attempt could not be audited')
    }
  }

  async #deliver(event: ToldEvent): Promise<void> {
    for (const { name, run } of this.#subscribers.filter((each) => each.event === event.name)) {
      const deed = { operation: `${name} on ${event.name}`, input: event.body, cause: event.id }
      await this.#react(name, deed, (uow) => run(uow, event.body))
    }
  }
}

const meaningWrong = (operation: Operation, meaning: string): DomainError =>
  new DomainError(
    'invalid',
    'platform.signature-meaning-wrong',
    `This is signed as ${operation.signature?.join(' or ')}, not as ${meaning}`,
    { fields: [{ path: 'signature.meaning', message: `one of: ${operation.signature?.join(', ')}` }] },
  )

const keyMissing = (): DomainError =>
  new DomainError(
    'invalid',
    'platform.idempotency-key-missing',
    'Send the header Idempotency-Key with 8 to 200 characters of your own, a new one for each request',
    { fields: [{ path: 'Idempotency-Key', message: 'needed, 8 to 200 characters' }] },
  )

const isDenial = (error: unknown): boolean =>
  error instanceof DomainError && (error.kind === 'forbidden' || error.kind === 'unauthenticated')

/** An answer that breaks its own schema is a defect and is never sent. */
function parseOutput(operation: Operation, output: unknown): unknown {
  const parsed = operation.output.safeParse(output)
  if (parsed.success) return parsed.data
  throw new DomainError('defect', 'platform.output-invalid', `The answer of ${operation.name} broke its schema`, {
    issues: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  })
}
