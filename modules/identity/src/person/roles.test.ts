import type { Permission, Role } from '@throughline/model'
import { permissions, roles } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { grantsOf, permissionsOf } from './roles.ts'

const columns = [
  'operator',
  'supervisor',
  'engineer',
  'quality',
  'manager',
  'auditor',
  'administrator',
  'edge-agent',
] as const satisfies Role[]

/** `x` = holds it. Written out apart from the table it tests, so that a slip in either is seen. */
const expected: Readonly<Record<Permission, string>> = {
  //                                   op sup eng qua man aud adm edg
  'identity.person.read': '            .  .   .   x   x   x   x   .',
  'identity.person.write': '           .  .   .   .   .   .   x   .',
  'identity.person.approve': '         .  .   .   x   x   .   x   .',
  'identity.session.read': '           .  .   .   .   .   x   x   .',
  'identity.session.terminate': '      .  .   .   .   .   .   x   .',
  'identity.access-review.read': '     .  .   .   x   x   x   x   .',
  'identity.access-review.write': '    .  .   .   x   x   .   .   .',
  'identity.sign-in-policy.write': '   .  .   .   .   .   .   x   .',
  'identity.machine-account.write': '  .  .   .   .   .   .   x   .',
  'identity.station.write': '          .  .   .   .   .   .   x   .',
  'identity.badge.write': '            .  .   .   .   .   .   x   .',
  'equipment.model.read': '            x  x   x   x   x   x   x   .',
  'equipment.model.write': '           .  .   x   .   .   .   .   .',
  'equipment.model.approve': '         .  .   x   .   .   .   .   .',
  'equipment.model.release': '         .  .   .   x   .   .   .   .',
  'equipment.agent.configure': '       .  .   .   .   .   .   .   x',
  'historian.sample.read': '           x  x   x   x   x   x   x   .',
  'historian.sample.append': '         .  .   .   .   .   .   .   x',
  'historian.sample.correct': '        .  .   .   x   .   .   .   .',
  'historian.retention.write': '       .  .   .   .   .   .   x   .',
  'historian.context.read': '          x  x   x   x   x   x   x   .',
  'historian.context.write': '         .  x   x   x   .   .   .   .',
  'alarm.read': '                        x  x  x   x   x   x   x   .',
  'alarm.acknowledge': '                 x  x  x   .   .   .   .   .',
  'alarm.shelve': '                      x  x  x   .   .   .   .   .',
  'alarm.suppress': '                    .  x  x   .   .   .   .   .',
  'alarm.definition.write': '            .  .  x   .   .   .   .   .',
  'alarm.definition.review': '           .  .  x   .   .   .   .   .',
  'alarm.definition.release': '          .  .  .   x   .   .   .   .',
  'alarm.roster.write': '                .  x  x   .   .   .   .   .',
  'performance.read': '                  x  x  x   x   x   x   x   .',
  'performance.stop.explain': '          x  x  x   .   .   .   .   .',
  'performance.stop.reclassify': '       .  x  x   .   .   .   .   .',
  'performance.count.record': '          x  x  x   .   .   .   .   .',
  'performance.count.correct': '         .  x  .   x   .   .   .   .',
  'performance.model.write': '           .  .  x   .   .   .   .   .',
  'performance.calendar.write': '        .  x  .   .   x   .   .   .',
  'performance.andon.call': '            x  x  x   .   .   .   .   .',
  'performance.andon.respond': '         .  x  x   x   .   .   .   .',
  'identity.qualification.read': '         .   x   x   x   x   x   .   .',
  'identity.qualification.write': '        .   x   .   x   .   .   .   .',
  'equipment.asset.write': '               .   .   x   .   .   .   .   .',
  'equipment.calibration.write': '         .   .   x   x   .   .   .   .',
  'material.read': '                       x   x   x   x   x   x   x   .',
  'material.definition.write': '           .   .   x   .   .   .   .   .',
  'material.definition.review': '          .   .   x   .   .   .   .   .',
  'material.definition.release': '         .   .   .   x   .   .   .   .',
  'material.receive': '                    x   x   .   .   .   .   .   .',
  'material.move': '                       x   x   .   .   .   .   .   .',
  'material.count': '                      .   x   .   .   .   .   .   .',
  'material.weigh': '                      x   x   .   .   .   .   .   .',
  'material.status.write': '               .   .   .   x   .   .   .   .',
  'material.dispose': '                    .   x   .   x   .   .   .   .',
  'execution.read': '                      x   x   x   x   x   x   x   .',
  'execution.definition.write': '          .   .   x   .   .   .   .   .',
  'execution.definition.review': '         .   .   x   .   .   .   .   .',
  'execution.definition.release': '        .   .   .   x   .   .   .   .',
  'execution.media.write': '               x   x   x   .   .   .   .   .',
  'execution.order.write': '               .   x   .   .   x   .   .   .',
  'execution.order.release': '             .   x   .   .   .   .   .   .',
  'execution.order.hold': '                .   x   .   x   .   .   .   .',
  'execution.run.perform': '               x   x   .   .   .   .   .   .',
  'execution.gate.override': '             .   x   .   x   .   .   .   .',
  'execution.logbook.write': '             x   x   x   .   .   .   .   .',
  'execution.logbook.review': '            .   x   .   x   .   .   .   .',
  'quality.read': '                        x   x   x   x   x   x   x   .',
  'quality.deviation.open': '              x   x   x   x   .   .   .   .',
  'quality.deviation.close': '             .   .   .   x   .   .   .   .',
  'quality.inspection.record': '           x   x   .   x   .   .   .   .',
  'traceability.read': '                   x   x   x   x   x   x   x   .',
  'traceability.recall': '                 .   .   .   x   x   .   .   .',
  'traceability.graph.rebuild': '          .   .   .   .   .   .   x   .',
  'platform.audit.read': '             .  .   .   x   .   x   x   .',
  'platform.audit.review': '           .  .   .   x   .   .   .   .',
  'platform.ledger.administer': '      .  .   .   .   .   .   x   .',
  'platform.diagnostics.read': '       .  x   x   x   x   x   x   .',
}

describe('[P11-10g, SR-2.1-RE2] each role holds each permission or not, as the matrix says', () => {
  test.each(permissions)('%s', (permission) => {
    const marks = expected[permission].trim().split(/\s+/)
    const held = columns.map((role) => (permissionsOf[role].includes(permission) ? 'x' : '.'))
    expect(held).toEqual(marks)
  })
})

test('the matrix covers all roles', () => {
  expect([...columns]).toEqual([...roles])
})

test('an auditor reads everything and changes nothing', () => {
  const reading = permissions.filter((permission) => permission.endsWith('.read'))
  expect([...permissionsOf.auditor].sort()).toEqual([...reading].sort())
})

test('[P11-10g, A11-12] no role both administers people and changes the plant', () => {
  const both = roles.filter(
    (role) =>
      permissionsOf[role].includes('identity.person.write') && permissionsOf[role].includes('equipment.model.write'),
  )
  expect(both).toEqual([])
})

test('[SR-2.1-RE2] a grant keeps the node where the role is held', () => {
  const [grant] = grantsOf([{ role: 'operator', nodeId: null }])
  expect(grant).toEqual({ nodeId: null, permissions: new Set(permissionsOf.operator) })
})
