import type { Instant } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import { listClasses, listStandards, setStandard } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import type { NodeFinder } from '../reason/place.ts'
import { isWithin } from '../reason/place.ts'
import type { Machines } from '../state-rule/machines.ts'
import { listProductStandards, putStandard } from './store.ts'

export function registerStandard(platform: Platform, nodes: NodeFinder, machines: Machines): void {
  platform.handle(listStandards, async (uow, { className }) =>
    (await listProductStandards(uow.trx, className)).filter(
      ({ nodeId }) => nodeId === null || isWithin(nodes, nodeId, uow.scopes),
    ),
  )

  platform.handlePrepared(
    setStandard,
    () => platform.run(listClasses, systemActor('performance'), {}),
    async (uow, { reason, ...content }, classes) => {
      const { className, nodeId } = content
      if (!classes.some(({ name }) => name === className)) throw classUnknown(className)
      if (nodeId !== null) {
        const machine = machines.get(nodeId)
        if (machine.className !== className) throw classMisfit(machine.path, machine.className, className)
      }
      const standard = await putStandard(uow, { ...content, id: newId<'ProductStandard'>(uow.at) }, reason)
      const judged = machines
        .list()
        .filter((each) => each.className === className && (nodeId ?? each.nodeId) === each.nodeId)
      const cause = `standard of ${content.product} set: ${reason}`
      // What was made before is judged by it, too: nobody knew better.
      for (const { nodeId } of judged) {
        uow.emit('performance.past-changed', { nodeId, from: 0 as Instant, to: uow.at, cause })
      }
      return standard
    },
  )
}

const classUnknown = (className: string): DomainError =>
  new DomainError(
    'not-found',
    'performance.class-unknown',
    `There is no equipment class ${className}: look it up with equipment.class.list`,
    { className },
  )

const classMisfit = (path: string, is: string, told: string): DomainError =>
  new DomainError('invalid', 'performance.standard-class-misfit', `${path} is a ${is}, not a ${told}`)
