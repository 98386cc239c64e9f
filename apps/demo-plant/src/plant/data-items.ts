import type { TagDefinition } from '../model/tag-definition.ts'
import type { PlantTag } from './assets.ts'

/** How a tag stands in the device model of an MTConnect agent. */
export interface DataItemOf {
  /** The component that it belongs to. */
  readonly component: 'device' | 'controller' | 'path' | 'spindle'
  readonly category: 'SAMPLE' | 'EVENT' | 'CONDITION'
  readonly type: string
  readonly subType?: string
  readonly units?: string
  /** Engineering value = value in the document × scale: the standard knows millimetres and no micrometres. */
  readonly scale: number
}

const event = (component: DataItemOf['component'], type: string, more: Partial<DataItemOf> = {}): DataItemOf => ({
  ...{ component, category: 'EVENT', type, scale: 1 },
  ...more,
})
const sample = (type: string, units: string, more: Partial<DataItemOf> = {}): DataItemOf => ({
  ...{ component: 'spindle', category: 'SAMPLE', type, units, scale: 1 },
  ...more,
})
const override = { subType: 'OVERRIDE', units: 'PERCENT' }

/** MTConnect 2.4 by the name of the tag; `MESSAGE` carries what only this maker knows. */
const dataItems: Readonly<Record<string, DataItemOf>> = {
  Execution: event('path', 'EXECUTION'),
  ControllerMode: event('controller', 'CONTROLLER_MODE'),
  FunctionalMode: event('controller', 'FUNCTIONAL_MODE'),
  Program: event('path', 'PROGRAM'),
  OrderId: event('path', 'PART_GROUP_ID', { subType: 'LOT' }),
  ProductId: event('path', 'PART_KIND_ID'),
  PartCount: event('path', 'PART_COUNT', { subType: 'ALL' }),
  ScrapCount: event('path', 'PART_COUNT', { subType: 'BAD' }),
  ToolId: event('path', 'TOOL_ASSET_ID'),
  ToolUses: event('path', 'CYCLE_COUNT', { subType: 'ALL' }),
  AlarmCode: event('controller', 'MESSAGE'),
  FeedOverride: event('path', 'PATH_FEEDRATE_OVERRIDE', override),
  SpindleOverride: event('path', 'ROTARY_VELOCITY_OVERRIDE', { units: 'PERCENT' }),
  SystemCondition: { component: 'controller', category: 'CONDITION', type: 'SYSTEM', scale: 1 },
  ToolCondition: { component: 'path', category: 'CONDITION', type: 'HARDWARE', scale: 1 },
  SpindleSpeed: sample('ROTARY_VELOCITY', 'REVOLUTION/MINUTE', { subType: 'ACTUAL' }),
  SpindleLoad: sample('LOAD', 'PERCENT'),
  SpindleTemperature: sample('TEMPERATURE', 'CELSIUS'),
  PathFeedrate: sample('PATH_FEEDRATE', 'MILLIMETER/SECOND', { component: 'path', subType: 'ACTUAL' }),
  BoreError: sample('DISPLACEMENT', 'MILLIMETER', { component: 'path', scale: 1000 }),
  BoreErrorMean: sample('DISPLACEMENT', 'MILLIMETER', { component: 'path', scale: 1000 }),
  LifeCount: sample('EQUIPMENT_TIMER', 'SECOND', { component: 'device', subType: 'POWERED' }),
}

/** @throws Error when the tag was given no place in MTConnect: a mistake of this list */
export function dataItemOf(definition: TagDefinition): DataItemOf {
  const found = dataItems[definition.name]
  if (found === undefined) throw new Error(`${definition.name} has no data item`)
  return found
}

/** Id of the data item of a tag, unique in the agent: `CNC-01-Execution`. */
export function dataItemId(tag: PlantTag): string {
  return `${tag.asset.id}-${tag.definition.name}`
}
