import { DomainError, newId } from '@throughline/kernel'
import type { Gate, GateKind, GateOverride } from '@throughline/model'
import { checkGates, overrideGate } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { ExecutionOptions } from '../execution.ts'
import { getVisibleOrder } from '../order/find.ts'
import { placeOf } from '../order/readiness.ts'
import { placeAround } from '../places.ts'
import { holdRun, runCase } from '../run/held.ts'
import { isOpen } from '../run/routing.ts'
import { nameOf } from '../run/rules.ts'
import { getStoredRun } from '../run/store.ts'
import { lookAtGates } from './load.ts'
import { isOverridable, sameSubject } from './rules.ts'
import { insertOverride } from './store.ts'

export function registerGate(platform: Platform, options: ExecutionOptions): void {
  platform.handle(checkGates, async (uow, { runId, scanned }) => {
    const asked = await runCase(uow, runId)
    await getVisibleOrder(uow, options.directory, { orderId: asked.order.id })
    const nodeId = placeOf(options, asked.run)
    return lookAtGates(uow, options, { ...asked, nodeId, tools: asked.run.tools, scanned, at: uow.at })
  })

  platform.handle(overrideGate, async (uow, { runId, kind, subject, reason }) => {
    const { nodeId: at, siteId } = await getStoredRun(uow.trx, runId)
    await uow.assertWithin(at ?? siteId)
    const asked = await holdRun(uow, runId)
    const { run, order } = asked
    assertOverridable(nameOf(run), kind)
    if (!isOpen(run.state)) throw runOver(nameOf(run), run.state)
    const nodeId = placeOf(options, run)
    const scanned = subject !== null && scannable.has(kind) ? [subject] : []
    const gates = await lookAtGates(uow, options, { ...asked, nodeId, tools: run.tools, scanned, at: uow.at })
    const found = gates.filter((each) => each.kind === kind && sameSubject(each.subject, subject))
    const gate = found.find(({ open }) => !open) ?? found[0]
    assertInTheWay(nameOf(run), kind, gate)
    const override: GateOverride = {
      id: newId<'GateOverride'>(uow.at),
      runId,
      kind,
      subject,
      message: gate?.open === false ? gate.message : `${kind}${subject === null ? '' : ` ${subject}`}`,
      reason,
      by: uow.actor.name,
      at: uow.at,
    }
    await insertOverride(uow.trx, override)
    await uow.sign({ kind: 'execution.gate_override', id: override.id })
    uow.emit('execution.gate-overridden', {
      overrideId: override.id,
      runId,
      orderId: order.id,
      // Before the start nobody is anywhere yet: it concerns the place where the work is to be done.
      nodeId: run.nodeId ?? placeAround(options.directory, run),
      about: `${nameOf(run)}: ${override.message}`,
      reason,
      lots: run.subjects,
      by: uow.actor.name,
      at: uow.at,
    })
    return override
  })
}

/** Gates about something that is scanned: it is looked at as if it were. */
const scannable: ReadonlySet<GateKind> = new Set([
  'material-status',
  'material-expiry',
  'out-life',
  'certificate',
  'calibration',
])

/** Gates that stand in another's way than the one who answers for them: closed for the operator, open for the supervisor. */
const personal: ReadonlySet<GateKind> = new Set(['qualification', 'second-person'])

function assertInTheWay(what: string, kind: GateKind, gate: Gate | undefined): void {
  if (personal.has(kind) || gate?.open === false) return
  throw new DomainError(
    'conflict',
    'execution.gate-open',
    gate === undefined
      ? `${what} has no gate of this kind and subject: look with execution.gate.check`
      : `This gate of ${what} is open, there is nothing to answer for: ${gate.message}`,
    { kind },
  )
}

function assertOverridable(what: string, kind: GateKind): void {
  if (isOverridable(kind)) return
  throw new DomainError(
    'forbidden',
    'execution.gate-never-overridden',
    `${what}: nobody's signature opens the gate ${kind}: remove its cause`,
    { kind },
  )
}

const runOver = (what: string, state: string): DomainError =>
  new DomainError('conflict', 'execution.run-state', `${what} is ${state}: there is nothing to answer for any more`, {
    state,
  })
