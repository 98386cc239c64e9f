import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'
import { CurrentSession } from './session.ts'

/** What a reader gives of a badge: kept as a keyed hash only. */
export const BadgeCode = z
  .string()
  .trim()
  .min(4, 'a badge gives at least 4 characters')
  .max(128)
  .regex(/^[\x21-\x7e]+$/, 'a badge gives letters, digits and signs without spaces')

const Pin = z.string().regex(/^\d{6,12}$/, 'use 6 to 12 digits')

/** A badge of one person. A lost one is revoked and never works again, not even for somebody else. */
export const Badge = z.object({
  id: idOf<'Badge'>(),
  personId: idOf<'Person'>(),
  /** The last characters of what the reader gives, for telling badges apart. */
  ending: z.string(),
  state: z.enum(['active', 'revoked']),
  issuedAt: InstantSchema,
  revokedAt: InstantSchema.nullable(),
})
export type Badge = z.infer<typeof Badge>

const reason = z.string().min(3).max(500)

export const listBadges = operation({
  name: 'identity.badge.list',
  summary: 'List all badges, newest first',
  permission: 'identity.person.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: z.array(Badge),
})

export const issueBadge = operation({
  name: 'identity.badge.issue',
  summary: 'Give a person a badge',
  permission: 'identity.badge.write',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  secrets: ['badge'],
  input: z.object({ personId: idOf<'Person'>(), badge: BadgeCode, reason }),
  output: Badge,
})

export const revokeBadge = operation({
  name: 'identity.badge.revoke',
  summary: 'Revoke a badge: it is refused from now on, and its use is reported',
  permission: 'identity.badge.write',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  input: z.object({ badgeId: idOf<'Badge'>(), reason }),
  output: Badge,
})

/** Whether the signed-in person can use a badge, and what is missing. */
export const getOwnBadge = operation({
  name: 'identity.badge.get-own',
  summary: 'Tell whether the own badge and PIN can be used',
  permission: 'signed-in',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.object({
    badges: z.int(),
    pin: z.enum(['absent', 'set', 'blocked']),
    /** What a new PIN needs: the own password, or a sign-in at the provider a moment ago. */
    proof: z.enum(['password', 'recent-sign-in']),
  }),
})

export const setPin = operation({
  name: 'identity.badge.set-pin',
  summary: 'Set the own PIN',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  secrets: ['pin', 'password'],
  input: z.object({ pin: Pin, password: z.string().min(1).max(256).optional() }),
  output: z.object({}),
})

/** Somebody who works at the station is signed out in the same transaction: a hand-over. */
export const openSessionWithBadge = operation({
  name: 'identity.session.open-with-badge',
  summary: 'Sign in at a station with badge and PIN',
  permission: 'anyone',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  secrets: ['badge', 'pin'],
  input: z.object({ badge: BadgeCode, pin: Pin }),
  output: CurrentSession,
})
