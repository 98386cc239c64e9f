import { setImmediate } from 'node:timers/promises'
import type { Id, Instant } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import type {
  DomainEventName,
  DomainEvents,
  RecordRef,
  RecordVersion,
  Signature,
  SignatureInput,
} from '@throughline/model'
import type { Kysely } from 'kysely'
import type { Part } from '../database/draft.ts'
import type { Tables } from '../database/tables.ts'
import type { NewVersion } from '../ledger/capture.ts'
import { ChangeLog, findHead, openCapture } from '../ledger/capture.ts'
import type { Actor } from './actor.ts'
import type { Deed, OpenEntry, Witness } from './audit.ts'
import { openEntry, writeAuditEntry } from './audit.ts'
import type { Scopes } from './authorise.ts'
import { assertScope } from './authorise.ts'
import { writeEvents } from './outbox.ts'
import type { Hierarchy, ProvenSigner, Signer } from './ports.ts'
import type { SessionEffects, TerminalEffects, UnitOfWork } from './unit-of-work.ts'

/** A signature that came with the request, of somebody who has already proved who they are. */
export interface Signing {
  readonly signer: Signer
  readonly proven: ProvenSigner
  readonly given: SignatureInput
}

/** What a unit of work starts from. */
export interface WorkOrder {
  readonly trx: Kysely<Tables>
  readonly at: Instant
  readonly actor: Actor
  readonly witness: Witness
  /** What is being done, in words, for refusals. */
  readonly doing: string
  readonly scopes: Scopes
  readonly hierarchy: Hierarchy
  readonly session: SessionEffects
  readonly terminal: TerminalEffects
  readonly signing?: Signing
}

/** What was done, as its entry tells it. */
export type Done = Pick<Deed, 'operation' | 'input' | 'cause'>

export class Work implements UnitOfWork {
  readonly trx: Kysely<Tables>
  readonly actor: Actor
  readonly at: Instant
  readonly scopes: Scopes
  readonly session: SessionEffects
  readonly terminal: TerminalEffects
  readonly entryId: Id<'AuditEntry'>
  readonly #order: WorkOrder
  readonly #changes: ChangeLog
  readonly #told: { name: DomainEventName; body: unknown }[] = []
  #isSigned = false

  constructor(order: WorkOrder) {
    this.#order = order
    this.trx = order.trx
    this.actor = order.actor
    this.at = order.at
    this.scopes = order.scopes
    this.session = order.session
    this.terminal = order.terminal
    this.entryId = newId<'AuditEntry'>(order.at)
    this.#changes = new ChangeLog(order.trx, this.entryId, order.at, order.witness.era)
  }

  /** Whether somebody has to hear of this work. */
  get tells(): boolean {
    return this.#told.length > 0
  }

  emit<Name extends DomainEventName>(name: Name, body: DomainEvents[Name]): void {
    this.#told.push({ name, body })
  }

  async assertWithin(nodeId: Id<'EquipmentNode'>): Promise<void> {
    await assertScope(this.#order.hierarchy, this.actor, this.#order.doing, this.scopes, nodeId)
  }

  async sign(record: RecordRef): Promise<Signature> {
    const signing = this.#order.signing
    if (signing === undefined) {
      throw new DomainError('defect', 'platform.signature-undeclared', `No signature belongs to: ${this.#order.doing}`)
    }
    await this.#changes.flush()
    const head = await findHead(this.trx, record)
    if (head === undefined) throw recordUnknown(record)
    assertAsShown(record, this.#changes.before(record, head), signing.given.shown)
    this.#isSigned = true
    return await signing.signer.sign(this, signing.proven, signing.given, { ...record, ...head })
  }

  /** Lets the work change records. */
  async open(): Promise<void> {
    await openCapture(this.trx, this.entryId)
  }

  /** The entry of this work, as far as it is known before the work is done. */
  entry(deed: Done): OpenEntry {
    const { entryId: id, at, actor } = this
    return openEntry(this.#order.witness, { ...deed, id, at, actor, outcome: 'done' })
  }

  /** The same, but not before the server is busy with what was sent to it just now: nobody waits for it then. */
  async entryMeanwhile(deed: Done): Promise<OpenEntry> {
    await setImmediate()
    return this.entry(deed)
  }

  /**
   * Writes what the work leaves beside its change: versions, entry, events, and `also`. To be called once, last, in the
   * same transaction.
   */
  async close(entry: OpenEntry, also?: Part): Promise<void> {
    if (this.#order.signing !== undefined && !this.#isSigned) {
      throw new DomainError(
        'defect',
        'platform.signature-unused',
        `${entry.leaf.operation} asked for a signature and made none`,
      )
    }
    await this.#enter(entry, await this.#leave(), also)
  }

  /** `close` for what nobody asked for: without a changed record there is nothing to answer for, and no entry. */
  async closeIfChanged(deed: Done): Promise<void> {
    const versions = await this.#leave()
    if (this.#changes.hashes.length > 0) await this.#enter(this.entry(deed), versions)
  }

  /** Writes the events; answers the versions that go with the entry. */
  async #leave(): Promise<NewVersion[]> {
    const [versions] = await Promise.all([this.#changes.take(), writeEvents(this.trx, this.at, this.#told)])
    return versions
  }

  async #enter(entry: OpenEntry, versions: readonly NewVersion[], also?: Part): Promise<void> {
    await writeAuditEntry(this.trx, entry, { changes: this.#changes.hashes, versions, also, isLast: true })
  }
}

/** A signature is on exactly what the signer saw: whatever came between is for them to look at first. */
function assertAsShown(record: RecordRef, before: RecordVersion | null, shown: RecordVersion | null): void {
  if (before?.version === shown?.version && before?.hash === shown?.hash) return
  throw new DomainError(
    'conflict',
    'platform.record-changed',
    before === null
      ? `${record.kind} ${record.id} is new: nothing of it was shown before`
      : `${record.kind} ${record.id} is at version ${before.version} and was shown at version ${shown?.version ?? 'none'}: look at it again, then sign`,
    { current: before, shown },
  )
}

const recordUnknown = (record: RecordRef): DomainError =>
  new DomainError('not-found', 'platform.record-unknown', `There is no record ${record.kind} ${record.id}`)
