import { z } from 'zod'
import { SignatureInput } from '../identity/signature.ts'
import { operation } from '../operation.ts'
import { Code, InstantSchema, idOf } from '../primitives.ts'

/** That a special process may be done on a piece of equipment, and on what belongs to it (AS9100 8.5.1.2). */
export const EquipmentQualification = z.object({
  id: idOf<'EquipmentQualification'>(),
  nodeId: idOf<'EquipmentNode'>(),
  /** As operations name it: the first skill of one that is a special process. */
  process: Code,
  /** By what it was shown: report, survey, certificate. */
  evidence: z.string(),
  validFrom: InstantSchema,
  /** Exclusive; null = it does not end by itself. */
  validTo: InstantSchema.nullable(),
  grantedBy: z.string(),
  grantedAt: InstantSchema,
  revoked: z.object({ at: InstantSchema, by: z.string(), reason: z.string() }).nullable(),
})
export type EquipmentQualification = z.infer<typeof EquipmentQualification>

export const listQualifiedEquipment = operation({
  name: 'equipment.qualification.list',
  summary: 'List for which special processes equipment is qualified, the soonest to end first',
  permission: 'equipment.model.read',
  scope: 'any',
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>().optional(), process: Code.optional() }),
  output: z.array(EquipmentQualification),
})

export const qualifyEquipment = operation({
  name: 'equipment.qualification.grant',
  summary: 'Qualify equipment for a special process, with the evidence and a signature',
  permission: 'equipment.calibration.write',
  scope: 'any',
  signature: ['approved'],
  mutates: true,
  input: EquipmentQualification.pick({ nodeId: true, process: true, validFrom: true }).extend({
    evidence: z.string().min(3).max(500),
    validTo: InstantSchema.nullable().default(null),
    signature: SignatureInput,
  }),
  output: EquipmentQualification,
})

export const disqualifyEquipment = operation({
  name: 'equipment.qualification.revoke',
  summary: 'Revoke a qualification of equipment from now on, with a reason',
  permission: 'equipment.calibration.write',
  scope: 'any',
  mutates: true,
  input: z.object({ qualificationId: idOf<'EquipmentQualification'>(), reason: z.string().min(3).max(500) }),
  output: EquipmentQualification,
})
