import type { AddressSpace, Namespace, UAAlarmConditionEx, UAObject, UAVariable } from 'node-opcua'
import { opcUaAlarms } from '../plant/addresses.ts'

const severity = 600

/**
 * Alarms that the controller of the filling line raises itself, one for each reason of a stop that an operator clears. They
 * wait in the server's own list until somebody has acknowledged them, there or from afar.
 */
export class NativeAlarms {
  readonly #alarms: ReadonlyMap<string, UAAlarmConditionEx>

  constructor(addressSpace: AddressSpace, namespace: Namespace, line: UAObject, stopReason: UAVariable) {
    addressSpace.installAlarmsAndConditionsService()
    line.setEventNotifier(1)
    line.addReference({
      ...{ referenceType: 'HasNotifier', isForward: false, nodeId: addressSpace.rootFolder.objects.server },
    })
    line.addReference({ referenceType: 'HasEventSource', nodeId: stopReason })
    this.#alarms = new Map(
      opcUaAlarms.map(({ reason, name, message }) => {
        const alarm = namespace.instantiateAlarmCondition('AlarmConditionType', {
          ...{ componentOf: line, browseName: name, nodeId: `s=${line.browseName.name}.Alarms.${name}` },
          ...{ conditionName: name, conditionSource: stopReason, inputNode: stopReason, optionals: [] },
        })
        alarm.setEnabledState(true)
        alarm.currentBranch().setMessage(message)
        // The stack would drop it from its list with the acknowledgement, though it still stands.
        alarm.on('acknowledged', (_eventId, _comment, branch) => branch.setRetain(branch.getActiveState()))
        return [reason, alarm]
      }),
    )
  }

  /** The line stands for this reason; empty = it runs. */
  follow(stopReason: string): void {
    for (const [reason, alarm] of this.#alarms) {
      const branch = alarm.currentBranch()
      const stands = reason === stopReason
      if (stands === branch.getActiveState()) continue
      if (stands) alarm.activateAlarm()
      else alarm.deactivateAlarm(!branch.getAckedState())
      alarm.raiseNewCondition({ severity, retain: branch.getRetain() })
    }
  }
}
