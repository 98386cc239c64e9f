import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import type { DeskState } from '../offline/offline-desk.ts'
import { isOfflinePossible, offlineDesk } from '../offline/offline-desk.ts'
import { refusedWords } from './waiting-words.ts'

interface WaitingBannerProps {
  readonly state: DeskState
  readonly online: boolean
}

/** Whether there is a connection, how much waits on this device, and what the plant refused of it. */
export function WaitingBanner({ state, online }: WaitingBannerProps): ReactElement | null {
  const { content, problem } = state
  const count = content.waiting.length
  async function seen(): Promise<void> {
    for (const { entry } of content.refused) await offlineDesk.dismiss(entry.id)
  }
  return (
    <>
      {online && count === 0 ? null : (
        <div className="offline work-waiting" role="status">
          <strong>{online ? 'Connected.' : 'Offline.'}</strong>{' '}
          {count === 0 ? null : (
            <>
              {count} {count === 1 ? 'entry is' : 'entries are'} not yet recorded
              {online ? ': being delivered.' : ': kept on this device, delivered when there is a connection.'}{' '}
            </>
          )}
          {online ? null : isOfflinePossible ? (
            'Steps can be recorded. Signatures, confirmations and overrides need the plant.'
          ) : (
            <>
              This page cannot work offline: browsers allow it at https addresses and on the plant's own machine alone.
              Wait for the connection.
            </>
          )}
        </div>
      )}
      {problem === null || problem === undefined ? null : (
        <ProblemNotice what="What waits on this device was not taken" error={problem} />
      )}
      {content.refused.length === 0 ? null : (
        <section className="tl-notice work-refused" role="alert" aria-label="Refused entries">
          <div className="work-refused-list">
            <p className="tl-notice-title">
              {content.refused.length === 1 ? 'One entry was' : `${content.refused.length} entries were`} refused, and
              nothing of it is recorded
            </p>
            <ul>
              {content.refused.map(({ entry, message }) => (
                <li key={entry.id}>
                  {refusedWords(entry)}: {message}.
                </li>
              ))}
            </ul>
            <p>Put right what is in the way, or ask a supervisor; then do it again.</p>
          </div>
          <button type="button" className="station-tile" onClick={() => void seen()}>
            Seen
          </button>
        </section>
      )}
    </>
  )
}
