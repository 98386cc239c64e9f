import type { EquipmentNode, Tag } from '@throughline/model'
import type { NodeFinder } from '../nodes.ts'

/** What an alarm has to know of a tag. */
export type AlarmTag = Pick<Tag, 'id' | 'nodeId' | 'dataType' | 'unit' | 'rangeLow' | 'rangeHigh' | 'decimals' | 'path'>

/** What the alarms ask of the plant's model: the equipment module's tag directory fits. */
export interface AlarmPlant extends NodeFinder {
  find(tagId: string): AlarmTag | undefined
  /** A living tag, whatever the case of its path. */
  byPath(path: string): AlarmTag | undefined
  /** A node, whatever the case of its path. */
  nodeByPath(path: string): Pick<EquipmentNode, 'id'> | undefined
}
