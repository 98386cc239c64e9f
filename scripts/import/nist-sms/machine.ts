import type { DataType } from '@throughline/model'

/** One data item of the machine: its name is that of its MTConnect device file. */
export interface TraceTag {
  readonly name: string
  readonly dataType: DataType
  readonly unit: string
  readonly description: string
  readonly decimals: number
}

const tag = (name: string, dataType: DataType, unit: string, description: string, decimals = 0): TraceTag => ({
  ...{ name, dataType, unit, description, decimals },
})

/** What the traces of Hurco04 tell (Devices.xml of the test bed). */
export const traceTags: readonly TraceTag[] = [
  tag('Block_Number', 'int64', '1', 'Line of the program that is worked on'),
  tag('Current_Tool', 'double', '1', 'Number of the tool in the spindle'),
  tag('Feed_Override', 'double', '%', 'Override of the feed rate'),
  tag('Feed_Rate', 'double', 'mm/s', 'Feed rate along the path', 2),
  tag('Part_Count', 'int64', '1', 'Programs completed'),
  tag('Program_Name_Editing', 'string', '1', 'Program in the editor'),
  tag('Program_Name_Running', 'string', '1', 'Program that runs'),
  tag('Program_Runtime_Seconds', 'double', 's', 'Time since the program began'),
  tag('Program_Status', 'string', '1', 'State of the program'),
  tag('Rapid_Override', 'double', '%', 'Override of the rapid rate'),
  tag('Spindle_Speed', 'double', '/min', 'Speed of the spindle', 1),
  tag('Spindle_Time', 'double', 's', 'Time that the spindle has turned in all', 1),
]

const byName = new Map(traceTags.map((each) => [each.name, each]))
export const tagOf = (name: string): TraceTag | undefined => byName.get(name)
