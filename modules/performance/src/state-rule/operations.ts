import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { StateRule } from '@throughline/model'
import { listClasses, listStateRules, setStateRule } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import { markUnsure } from '../watch/progress-store.ts'
import type { Machines } from './machines.ts'
import { assertRule } from './rules.ts'
import { insertRule, listRuleVersions, nextRuleVersion } from './store.ts'

export function registerStateRule(platform: Platform, machines: Machines): void {
  platform.handle(listStateRules, (uow, { className }) => listRuleVersions(uow.trx, className))

  platform.handlePrepared(
    setStateRule,
    () => platform.run(listClasses, systemActor('performance'), {}),
    async (uow, { effectiveFrom, ...content }, classes) => {
      assertRule(content, classes)
      const rule: StateRule = {
        ...content,
        id: newId<'StateRule'>(uow.at),
        version: await nextRuleVersion(uow, content.className),
        effectiveFrom: effectiveFrom ?? (0 as Instant),
        recordedBy: uow.actor.name,
      }
      await insertRule(uow, rule)
      const ofClass = machines.list().filter((machine) => machine.className === rule.className)
      await markUnsure(
        uow.trx,
        ofClass.map(({ nodeId }) => nodeId),
        rule.effectiveFrom,
      )
      return rule
    },
  )
}
