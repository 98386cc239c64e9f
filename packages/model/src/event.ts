import type { Id, Instant } from '@throughline/kernel'

/** Facts that modules tell each other, after the commit that made them true. Add a line; never change one. */
export interface DomainEvents {
  'identity.person-disabled': { personId: Id<'Person'> }
  'identity.badge-revoked': { badgeId: Id<'Badge'>; personId: Id<'Person'> }
  /** Somebody who is proved elsewhere came for the first time, or with other roles than before. */
  'identity.person-roles-mapped': { personId: Id<'Person'>; source: string; roles: readonly string[] }
  'identity.machine-account-revoked': { accountId: Id<'MachineAccount'>; name: string }
  /** Somebody tries passwords or codes: a limit was met. `name` is what was typed, and may be nobody's. */
  'identity.sign-in-limit-met': { name: string; origin: string | null; at: Instant }
  /** A credential that was revoked, or that another's could be, was used and refused. */
  'identity.credential-misused': {
    personId: Id<'Person'>
    /** In words: `passkey "work laptop", reported lost`. */
    credential: string
    origin: string | null
    at: Instant
  }
  'identity.record-signed': {
    record: { kind: string; id: string }
    version: number
    meaning: string
    signatureId: Id<'Signature'>
    personId: Id<'Person'>
  }
  /** Every signature that the policy asks for stands on this version. */
  'identity.record-signatures-complete': { record: { kind: string; id: string }; version: number; hash: string }
  /** Too many attempts to sign with somebody's name failed: they sign nothing until then, and may do everything else. */
  'identity.signing-locked': { personId: Id<'Person'>; until: Instant; origin: string | null; at: Instant }
  'equipment.model-changed': { changed: number; at: Instant }
  /** A document is there for good: the original in the store of files, under its hash. */
  'document.received': {
    documentId: Id<'Document'>
    hash: string
    name: string
    kind: string
    agent: string
    connection: string
  }
  'historian.source-mapped': { source: string; tagId: Id<'Tag'>; moved: number }
  /** Versions of the master alarm database were released, replaced or retired. */
  'alarm.definition-changed': { definitionIds: readonly Id<'AlarmDefinition'>[] }
  /** Which alarms are released, shelved or out of service changed; or one of them did something. `definitionIds` = whose. */
  'alarm.changed': { definitionIds: readonly Id<'AlarmDefinition'>[] }
  /** An alarm occurred (or came back while it was shelved or suppressed: then nobody is called). */
  'alarm.occurred': {
    occurrenceId: Id<'AlarmOccurrence'>
    definitionId: Id<'AlarmDefinition'>
    nodeId: Id<'EquipmentNode'>
    name: string
    message: string
    detail: string
    priority: number
    qualityCritical: boolean
    hidden: boolean
    at: Instant
  }
  /** Acknowledged, or returned and no longer standing: there is nothing to call anybody for. */
  'alarm.answered': {
    occurrenceId: Id<'AlarmOccurrence'>
    definitionId: Id<'AlarmDefinition'>
    by: string | null
    at: Instant
  }
  /** Somebody acknowledged here what a machine raised: the machine is to be told. `handle` names the state that they saw. */
  'alarm.machine-asked': {
    transitionId: Id<'AlarmTransition'>
    connection: string
    condition: string
    handle: string
    by: string
    comment: string
    at: Instant
  }
  /** A command for an edge agent was recorded; it goes out now. */
  'command.requested': { commandId: Id<'Command'> }
  /** What came of a command is final. `cause` = what it was made for, as its maker named it. */
  'command.settled': {
    commandId: Id<'Command'>
    kind: string
    cause: string
    outcome: 'done' | 'refused' | 'unanswered'
    at: Instant
    reason: string
  }
  /** Machines changed what they are doing. */
  'performance.state-changed': { nodeIds: readonly Id<'EquipmentNode'>[] }
  /** States, stops, counts or what they are judged by changed for a time that may lie in a finished shift. */
  'performance.past-changed': { nodeId: Id<'EquipmentNode'>; from: Instant; to: Instant; cause: string }
  /** Figures of finished shifts were recorded, or restated. */
  'performance.shift-result-recorded': { nodeIds: readonly Id<'EquipmentNode'>[] }
  'performance.andon-changed': { nodeId: Id<'EquipmentNode'>; callId: Id<'AndonCall'> }
  'historian.sample-corrected': { tagId: Id<'Tag'>; at: Instant }
  /** Found out of tolerance, everything measured with it since `since` (the last good calibration) is in doubt. */
  'equipment.calibration-recorded': {
    assetId: Id<'Asset'>
    code: string
    asFound: 'in-tolerance' | 'out-of-tolerance'
    /** Absent in events of older versions. */
    asLeft?: 'in-tolerance' | 'out-of-tolerance'
    nodeId?: Id<'EquipmentNode'> | null
    since: Instant | null
    at: Instant
  }
  /** Equipment was taken out of service, or put back into it. */
  'equipment.outage-changed': {
    nodeId: Id<'EquipmentNode'>
    path: string
    inService: boolean
    reason: string
    at: Instant
  }
  'equipment.cleaning-changed': { nodeId: Id<'EquipmentNode'>; status: string; at: Instant }
  /** One movement of material: what genealogy is made from. Quantities are decimals. */
  'material.moved': {
    movementId: Id<'MaterialMovement'>
    kind: string
    from: readonly { lotId: Id<'Lot'>; quantity: string }[]
    to: readonly { lotId: Id<'Lot'>; quantity: string }[]
    nodeId: Id<'EquipmentNode'> | null
    orderId: Id<'Order'> | null
    runId: Id<'OperationRun'> | null
    at: Instant
  }
  /** A container was made, stands in another one or no longer, or was closed, shipped or emptied. */
  'material.container-changed': { containerId: Id<'Container'> }
  /** `descendants` = what was made of it, at any depth, and is still in the plant. */
  'material.lot-status-changed': {
    lotId: Id<'Lot'>
    code: string
    status: string
    reason: string
    descendants: readonly Id<'Lot'>[]
    at: Instant
  }
  'execution.order-changed': { orderId: Id<'Order'>; code: string; state: string; held: boolean }
  /** An operation began, was paused, went on or was completed; or who is on it changed. */
  'execution.run-changed': {
    runId: Id<'OperationRun'>
    orderId: Id<'Order'>
    state: string
    nodeId: Id<'EquipmentNode'> | null
    at: Instant
  }
  'execution.step-recorded': {
    entryId: Id<'StepEntry'>
    runId: Id<'OperationRun'>
    step: string
    subject: Id<'Lot'> | null
    personId: string
    at: Instant
  }
  /** A second person has confirmed an entry. */
  'execution.step-verified': {
    entryId: Id<'StepEntry'>
    runId: Id<'OperationRun'>
    personId: string
    at: Instant
  }
  /** An entry outside its limits that its instruction wants a deviation for. */
  'execution.limit-breached': {
    entryId: Id<'StepEntry'>
    runId: Id<'OperationRun'>
    orderId: Id<'Order'>
    nodeId: Id<'EquipmentNode'> | null
    /** In words: `Bag leak test: 34 mbar, limit 20 mbar`. */
    about: string
    reason: string
    lots: readonly Id<'Lot'>[]
    by: string
    at: Instant
  }
  'execution.gate-overridden': {
    overrideId: Id<'GateOverride'>
    runId: Id<'OperationRun'>
    orderId: Id<'Order'>
    nodeId: Id<'EquipmentNode'> | null
    about: string
    reason: string
    lots: readonly Id<'Lot'>[]
    by: string
    at: Instant
  }
  'quality.deviation-opened': {
    deviationId: Id<'Deviation'>
    code: string
    orderId: Id<'Order'> | null
    runId: Id<'OperationRun'> | null
    lots: readonly Id<'Lot'>[]
    at: Instant
    /** Of a deviation that was opened now; absent where it got further lots. */
    opened?: {
      readonly title: string
      readonly severity: 'minor' | 'major' | 'critical'
      readonly nodeId: Id<'EquipmentNode'> | null
      /** Kind of what opened it. */
      readonly cause: string
    }
  }
  /** A gauge was found out of tolerance; `deviationId` = about what was measured with it, null = nothing was. */
  'quality.gauge-doubted': {
    assetId: Id<'Asset'>
    code: string
    nodeId: Id<'EquipmentNode'> | null
    deviationId: Id<'Deviation'> | null
    /** Its code, and since when what was measured is in doubt (null = ever). Absent in events of older versions. */
    deviation?: string | null
    since?: Instant | null
    /** It went back into use out of tolerance. */
    leftOut: boolean
    at: Instant
  }
  /** Closed with its disposition, or void (`null`). */
  'quality.deviation-closed': {
    deviationId: Id<'Deviation'>
    code: string
    lots: readonly Id<'Lot'>[]
    disposition: string | null
    at: Instant
  }
  'quality.inspection-recorded': {
    inspectionId: Id<'Inspection'>
    lotId: Id<'Lot'> | null
    runId: Id<'OperationRun'> | null
    gauge: string | null
    passed: boolean | null
    at: Instant
    /** Of one that failed: which piece, where, and the deviation about it. Absent in events of older versions. */
    failed?: {
      readonly piece: string
      readonly about: string
      readonly nodeId: Id<'EquipmentNode'> | null
      readonly deviationId: Id<'Deviation'> | null
      /** Its code. Absent in events of older versions. */
      readonly deviation?: string | null
    }
  }
  /** A recall drill was begun, or ended. */
  'traceability.recall-changed': { drillId: Id<'RecallDrill'> }
}
export type DomainEventName = keyof DomainEvents
