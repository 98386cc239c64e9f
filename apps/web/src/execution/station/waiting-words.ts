import type { QueuedEntry } from '@throughline/model'

const words: Readonly<Record<QueuedEntry['operation'], string>> = {
  'execution.step.record': 'Step',
  'execution.run.start': 'Start',
  'execution.run.pause': 'Pause',
  'execution.run.resume': 'Going on',
  'execution.run.report': 'Good, scrap and rework',
  'execution.run.complete': 'Completion',
  'execution.logbook.write': 'Logbook entry',
  'performance.andon.call': 'Call for help',
  'performance.count.record': 'Count',
  'performance.stop.explain': 'Stop reason',
}

/** What an entry was about, for who is told that it was refused: the reason names the step. */
export const refusedWords = ({ operation }: Pick<QueuedEntry, 'operation'>): string => words[operation]
