import { useRouteContext } from '@tanstack/react-router'
import type { Permission } from '@throughline/model'

/** Whom to ask for what a person may not do. */
const holders: Readonly<Partial<Record<Permission, string>>> = {
  'alarm.acknowledge': 'ask an operator, a supervisor or an engineer',
  'alarm.shelve': 'ask an operator, a supervisor or an engineer',
  'alarm.suppress': 'ask a supervisor or an engineer',
  'alarm.definition.write': 'ask an engineer',
  'alarm.definition.review': 'ask an engineer',
  'alarm.definition.release': 'ask quality',
  'alarm.roster.write': 'ask a supervisor or an engineer',
  'identity.person.read': 'ask an administrator, or quality',
  'identity.person.write': 'ask an administrator',
  'identity.person.approve': 'ask quality, a manager or an administrator',
  'identity.machine-account.write': 'ask an administrator',
  'identity.sign-in-policy.write': 'ask an administrator',
  'identity.session.read': 'ask an administrator',
  'identity.session.terminate': 'ask an administrator',
  'identity.access-review.read': 'ask quality, a manager or an auditor',
  'identity.access-review.write': 'ask quality or a manager',
  'performance.stop.explain': 'ask a supervisor',
  'performance.stop.reclassify': 'ask a supervisor or an engineer',
  'performance.count.record': 'ask a supervisor',
  'performance.calendar.write': 'ask a supervisor or a manager',
  'performance.model.write': 'ask an engineer',
  'performance.andon.call': 'ask a supervisor',
  'performance.andon.respond': 'ask a supervisor, an engineer or quality',
  'platform.audit.read': 'ask quality, an auditor or an administrator',
  'platform.audit.review': 'ask quality',
  'identity.qualification.read': 'ask a supervisor or quality',
  'identity.qualification.write': 'ask a supervisor or quality',
  'equipment.asset.write': 'ask an engineer',
  'equipment.calibration.write': 'ask an engineer or quality',
  'material.definition.write': 'ask an engineer',
  'material.definition.review': 'ask an engineer',
  'material.definition.release': 'ask quality',
  'material.receive': 'ask an operator or a supervisor',
  'material.move': 'ask an operator or a supervisor',
  'material.count': 'ask a supervisor',
  'material.weigh': 'ask an operator or a supervisor',
  'material.status.write': 'ask quality',
  'material.dispose': 'ask a supervisor or quality',
  'execution.definition.write': 'ask an engineer',
  'execution.definition.review': 'ask an engineer',
  'execution.definition.release': 'ask quality',
  'execution.media.write': 'ask an engineer',
  'execution.order.write': 'ask a supervisor or a manager',
  'execution.order.release': 'ask a supervisor',
  'execution.order.hold': 'ask a supervisor or quality',
  'execution.run.perform': 'ask an operator or a supervisor',
  'execution.gate.override': 'ask a supervisor or quality',
  'execution.logbook.write': 'ask an operator, a supervisor or an engineer',
  'execution.logbook.review': 'ask a supervisor or quality',
  'quality.deviation.open': 'ask an operator, a supervisor, an engineer or quality',
  'quality.deviation.close': 'ask quality',
  'quality.inspection.record': 'ask an operator, a supervisor or quality',
  'traceability.recall': 'ask quality or a manager',
}

/** Why the person at the screen may not do this and whom to ask; undefined when they may. */
export function useDenial(): (permission: Permission, doing: string) => string | undefined {
  const { session } = useRouteContext({ from: '/app' })
  return (permission, doing) =>
    session.permissions.includes(permission)
      ? undefined
      : `You may not ${doing}; ${holders[permission] ?? 'ask an administrator'}.`
}
