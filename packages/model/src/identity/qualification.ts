import { z } from 'zod'
import { operation } from '../operation.ts'
import { Code, InstantSchema, idOf } from '../primitives.ts'
import { Person } from './person.ts'

/** That a person may do something that not everybody may: `LAYUP-INSPECTOR`, `NDT-UT-2`; on one version of an operation or on all. */
export const Qualification = z.object({
  id: idOf<'Qualification'>(),
  personId: idOf<'Person'>(),
  /** The skill as operations ask for it. */
  skill: Code,
  /** By what it was earned: certificate, course, examiner. */
  evidence: z.string(),
  validFrom: InstantSchema,
  /** Exclusive; null = it does not end by itself. */
  validTo: InstantSchema.nullable(),
  /** Trained on this version of an instruction or operation only, as `code@version`; null = all. */
  onlyFor: z.string().nullable(),
  recordedBy: z.string(),
  recordedAt: InstantSchema,
  revoked: z.object({ at: InstantSchema, by: z.string(), reason: z.string() }).nullable(),
})
export type Qualification = z.infer<typeof Qualification>

export const listQualifications = operation({
  name: 'identity.qualification.list',
  summary: 'List qualifications of people, the soonest to end first',
  permission: 'identity.qualification.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    personId: idOf<'Person'>().optional(),
    skill: Code.optional(),
    /** Only those that hold at this instant. */
    at: InstantSchema.optional(),
  }),
  output: z.array(Qualification.extend({ personName: z.string(), printedName: z.string() })),
})

/** Whom one may qualify: names and badges, and nothing else of an account. */
export const listQualifiable = operation({
  name: 'identity.qualification.list-people',
  summary: 'List the people who may work at your places, for qualifying them: their names and the ends of their badges',
  permission: 'identity.qualification.read',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.array(
    Person.pick({ id: true, name: true, printedName: true }).extend({
      /** The last characters of those that are in use. */
      badges: z.array(z.string()),
    }),
  ),
})

export const grantQualification = operation({
  name: 'identity.qualification.grant',
  summary: 'Record that a person is qualified, with the evidence; nobody qualifies themselves',
  permission: 'identity.qualification.write',
  scope: 'plant',
  mutates: true,
  input: z.object({
    personId: idOf<'Person'>(),
    skill: Code,
    evidence: z.string().min(3).max(500),
    validFrom: InstantSchema,
    validTo: InstantSchema.nullable().default(null),
    onlyFor: z.string().max(100).nullable().default(null),
  }),
  output: Qualification,
})

export const revokeQualification = operation({
  name: 'identity.qualification.revoke',
  summary: 'Revoke a qualification from now on, with a reason',
  permission: 'identity.qualification.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ qualificationId: idOf<'Qualification'>(), reason: z.string().min(3).max(500) }),
  output: Qualification,
})
