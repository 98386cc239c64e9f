import { BookOpen, CircleStop, ScanLine, Siren, Trash2 } from 'lucide-react'

/** What can be said at every station, at the same place on each. */
export const stationTasks = [
  { id: 'stop', label: 'Stop reason', icon: CircleStop },
  { id: 'scrap', label: 'Scrap', icon: Trash2 },
  { id: 'scan', label: 'Scan', icon: ScanLine },
  { id: 'logbook', label: 'Logbook', icon: BookOpen },
  { id: 'call', label: 'Call help', icon: Siren },
] as const
export type TaskId = (typeof stationTasks)[number]['id']
