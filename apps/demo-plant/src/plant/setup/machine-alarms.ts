import { adoptAlarmDefinitions } from '@throughline/model'
import { opcUaAlarmSource } from '../addresses.ts'
import type { SetupStep } from './step.ts'
import { step } from './step.ts'

/**
 * What the controller of the filling line raises itself. Of its two alarms only the jam is taken over: that no vials come is
 * for the tunnel to say, and stays in the list of sources without a definition.
 */
export const machineAlarms: readonly SetupStep[] = [
  step('alarm/machine-list', adoptAlarmDefinitions, {
    definitions: [
      {
        ...{ name: 'FIL-01.Jam', nodeId: { $node: 'aurora/bio/fill-finish/filling/fil-01' }, tagId: null },
        message: 'Vials jam in the filling line',
        condition: { kind: 'external', source: opcUaAlarmSource('Jam') },
        ...{ onDelaySeconds: 0, offDelaySeconds: 0, latched: false },
        cause: 'A vial lies across at the infeed',
        consequence: 'The line stands; open vials wait',
        response: 'Clear the infeed through the glove; discard every vial that was touched.',
        ...{ severity: 'minor', timeToRespond: '3-to-10-min', qualityCritical: false, suppressWhile: null },
      },
    ],
    document: 'AUR-ALM-002, version 1',
    reason: 'Alarms of the machines as rationalised at commissioning',
  }),
]
