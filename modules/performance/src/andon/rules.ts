import { DomainError, toIso } from '@throughline/kernel'
import type { AndonCall } from '@throughline/model'

/** @throws DomainError `conflict` saying who comes already, or who resolved it */
export function assertUnanswered(call: AndonCall): void {
  assertOpen(call)
  if (call.acknowledgedAt === null) return
  throw new DomainError(
    'conflict',
    'performance.andon-acknowledged',
    `${call.acknowledgedBy} said at ${toIso(call.acknowledgedAt)} that they come`,
    { callId: call.id, by: call.acknowledgedBy, at: call.acknowledgedAt },
  )
}

/** @throws DomainError `conflict` when nobody came yet, or it is resolved */
export function assertAnswered(call: AndonCall): void {
  assertOpen(call)
  if (call.acknowledgedAt !== null) return
  throw new DomainError(
    'conflict',
    'performance.andon-unanswered',
    `Nobody has said yet that they come to ${call.calledBy}: acknowledge the call before you resolve it`,
    { callId: call.id },
  )
}

function assertOpen(call: AndonCall): void {
  if (call.resolvedAt === null) return
  throw new DomainError(
    'conflict',
    'performance.andon-resolved',
    `${call.resolvedBy} resolved this call at ${toIso(call.resolvedAt)}: ${call.resolution}`,
    { callId: call.id, by: call.resolvedBy, at: call.resolvedAt },
  )
}
