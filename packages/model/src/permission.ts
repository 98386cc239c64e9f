/**
 * Every permission of the product. A permission is a word of this list, so a renamed one breaks the build and not the
 * night shift. Which role holds which is decided in `modules/identity`.
 */
export const permissions = [
  'identity.person.read',
  'identity.person.write',
  'identity.person.approve',
  'identity.session.read',
  'identity.session.terminate',
  'identity.access-review.read',
  'identity.access-review.write',
  'identity.machine-account.write',
  'identity.station.write',
  'identity.badge.write',
  'identity.sign-in-policy.write',
  'equipment.model.read',
  'equipment.model.write',
  'equipment.model.approve',
  'equipment.model.release',
  'equipment.agent.configure',
  'historian.sample.read',
  'historian.sample.append',
  'historian.sample.correct',
  'historian.retention.write',
  'historian.context.read',
  'historian.context.write',
  'alarm.read',
  'alarm.acknowledge',
  'alarm.shelve',
  'alarm.suppress',
  'alarm.definition.write',
  'alarm.definition.review',
  'alarm.definition.release',
  'alarm.roster.write',
  'performance.read',
  'performance.stop.explain',
  'performance.stop.reclassify',
  'performance.count.record',
  'performance.count.correct',
  'performance.model.write',
  'performance.calendar.write',
  'performance.andon.call',
  'performance.andon.respond',
  'platform.audit.read',
  'platform.audit.review',
  'platform.ledger.administer',
  'platform.diagnostics.read',
] as const
export type Permission = (typeof permissions)[number]

/** The roles a person or machine may hold, each at a node of the equipment hierarchy. */
export const roles = [
  'operator',
  'supervisor',
  'engineer',
  'quality',
  'manager',
  'auditor',
  'administrator',
  'edge-agent',
] as const
export type Role = (typeof roles)[number]
