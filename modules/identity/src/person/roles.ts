import type { Permission, Role, RoleGrant } from '@throughline/model'
import type { Grant } from '@throughline/platform'

const looking = [
  'equipment.model.read',
  'historian.sample.read',
  'historian.context.read',
  'alarm.read',
  'performance.read',
] as const
/** At the machine: what happens is said and answered there and then. */
const attending = [
  'alarm.acknowledge',
  'alarm.shelve',
  'performance.stop.explain',
  'performance.count.record',
  'performance.andon.call',
] as const

/**
 * Which role holds which permission: what is not listed is denied. Who administers people does not change the plant, who
 * changes the plant does not administer people, and an auditor reads everything and changes nothing.
 */
export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  operator: [...looking, ...attending],
  supervisor: [
    ...looking,
    ...attending,
    'historian.context.write',
    'alarm.suppress',
    'alarm.roster.write',
    'performance.stop.reclassify',
    'performance.count.correct',
    'performance.calendar.write',
    'performance.andon.respond',
    'platform.diagnostics.read',
  ],
  engineer: [
    ...looking,
    ...attending,
    'equipment.model.write',
    'equipment.model.approve',
    'historian.context.write',
    'alarm.suppress',
    'alarm.definition.write',
    'alarm.definition.review',
    'alarm.roster.write',
    'performance.stop.reclassify',
    'performance.model.write',
    'performance.andon.respond',
    'platform.diagnostics.read',
  ],
  quality: [
    ...looking,
    'equipment.model.release',
    'historian.sample.correct',
    'historian.context.write',
    'alarm.definition.release',
    'performance.count.correct',
    'performance.andon.respond',
    'identity.person.read',
    'identity.person.approve',
    'identity.access-review.read',
    'identity.access-review.write',
    'platform.audit.read',
    'platform.audit.review',
    'platform.diagnostics.read',
  ],
  manager: [
    ...looking,
    'performance.calendar.write',
    'identity.person.read',
    'identity.person.approve',
    'identity.access-review.read',
    'identity.access-review.write',
    'platform.diagnostics.read',
  ],
  auditor: [
    ...looking,
    'identity.person.read',
    'identity.session.read',
    'identity.access-review.read',
    'platform.audit.read',
    'platform.diagnostics.read',
  ],
  administrator: [
    ...looking,
    'identity.person.read',
    'identity.person.write',
    'identity.person.approve',
    'identity.session.read',
    'identity.session.terminate',
    'identity.access-review.read',
    'identity.machine-account.write',
    'identity.station.write',
    'identity.badge.write',
    'identity.sign-in-policy.write',
    'historian.retention.write',
    'platform.audit.read',
    'platform.ledger.administer',
    'platform.diagnostics.read',
  ],
  'edge-agent': ['equipment.agent.configure', 'historian.sample.append'],
}

/** What the roles of somebody allow, and where. */
export const grantsOf = (roleGrants: readonly RoleGrant[]): Grant[] =>
  roleGrants.map(({ role, nodeId }) => ({ permissions: new Set(permissionsOf[role]), nodeId }))
