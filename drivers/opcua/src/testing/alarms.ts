import type { AddressSpace, Namespace, UAAlarmConditionEx, UAObject } from 'node-opcua'
import { LocalizedText, StatusCodes } from 'node-opcua'

/** What a test does at the machine's own side of its alarms. */
export interface ServerAlarms {
  raise(name: string, said: { readonly severity: number; readonly message: string; readonly at?: Date }): void
  /** The process is normal again; the alarm stays in the list until it is acknowledged. */
  end(name: string): void
  /** Somebody acknowledges at the machine's own panel. */
  acknowledge(name: string, comment: string): void
  /** The signal below is of bad quality. */
  spoil(name: string): void
  isAcknowledged(name: string): boolean
  comment(name: string): string
}

/** Off-normal alarms under one object that tells events: `ns=2;s=Alarms.<name>`. */
export function buildAlarms(
  space: AddressSpace,
  namespace: Namespace,
  machine: UAObject,
  names: readonly string[],
): ServerAlarms {
  space.installAlarmsAndConditionsService()
  const server = space.rootFolder.objects.server
  machine.setEventNotifier(1)
  machine.addReference({ referenceType: 'HasNotifier', nodeId: server, isForward: false })
  const alarms = new Map(
    names.map((name) => {
      const source = namespace.addVariable({
        ...{ componentOf: machine, browseName: `${name}Signal`, nodeId: `s=${name}Signal`, dataType: 'Boolean' },
      })
      machine.addReference({ referenceType: 'HasEventSource', nodeId: source })
      const alarm = namespace.instantiateAlarmCondition('AlarmConditionType', {
        ...{ browseName: name, nodeId: `s=Alarms.${name}`, componentOf: machine, conditionName: name },
        ...{ conditionSource: source, inputNode: source, optionals: [] },
      })
      alarm.setEnabledState(true)
      // Standard servers keep what stands in the list; this stack drops it as soon as it is acknowledged.
      alarm.on('acknowledged', (_eventId, _comment, branch) => branch.setRetain(branch.getActiveState()))
      return [name, alarm]
    }),
  )
  const find = (name: string): UAAlarmConditionEx => {
    const alarm = alarms.get(name)
    if (alarm === undefined) throw new Error(`the test server has no alarm ${name}`)
    return alarm
  }
  return {
    raise(name, { severity, message, at }) {
      const alarm = find(name)
      if (alarm.currentBranch().getActiveState() === false) alarm.activateAlarm()
      alarm.raiseNewCondition({ severity, message, retain: true, quality: StatusCodes.Good, ...(at && { time: at }) })
    },
    end(name) {
      const alarm = find(name)
      const retain = !alarm.currentBranch().getAckedState()
      alarm.deactivateAlarm(retain)
      alarm.raiseNewCondition({ message: 'normal again', retain })
    },
    acknowledge(name, comment) {
      const alarm = find(name)
      alarm.acknowledgeAndAutoConfirmBranch(alarm.currentBranch(), new LocalizedText({ text: comment }))
    },
    spoil(name) {
      find(name).raiseNewCondition({ quality: StatusCodes.BadDeviceFailure })
    },
    isAcknowledged: (name) => find(name).currentBranch().getAckedState(),
    comment: (name) => find(name).currentBranch().getComment().text ?? '',
  }
}
