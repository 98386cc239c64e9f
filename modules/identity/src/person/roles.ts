import type { Permission, Role, RoleGrant } from '@throughline/model'
import type { Grant } from '@throughline/platform'

const looking = ['equipment.model.read', 'historian.sample.read', 'historian.context.read'] as const

/**
 * Which role holds which permission: what is not listed is denied. Who administers people does not change the plant, who
 * changes the plant does not administer people, and an auditor reads everything and changes nothing.
 */
export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  operator: looking,
  supervisor: [...looking, 'historian.context.write', 'platform.diagnostics.read'],
  engineer: [
    ...looking,
    'equipment.model.write',
    'equipment.model.approve',
    'historian.context.write',
    'platform.diagnostics.read',
  ],
  quality: [
    ...looking,
    'equipment.model.release',
    'historian.sample.correct',
    'historian.context.write',
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
