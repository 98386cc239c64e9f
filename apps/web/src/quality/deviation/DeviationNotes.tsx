import { Textarea, TextInput } from '@mantine/core'
import type { Deviation } from '@throughline/model'
import { noteDeviation } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { codesOf } from './OpenDeviation.tsx'

interface DeviationNotesProps {
  readonly deviation: Deviation
  readonly timeZone: string | undefined
}

/** What people noted on a deviation, and adding to it while it is open. */
export function DeviationNotes({ deviation, timeZone }: DeviationNotesProps): ReactElement {
  const denial = useDenial()
  const [noting, setNoting] = useState(false)
  const { notes, state } = deviation
  return (
    <section className="performance-panel" aria-labelledby="deviation-notes">
      <div className="performance-panel-head">
        <h2 id="deviation-notes">Notes</h2>
        {state === 'open' ? (
          <GuardedButton
            variant="default"
            reason={denial('quality.deviation.open', 'note on deviations')}
            onClick={() => setNoting(true)}
          >
            Add a note
          </GuardedButton>
        ) : null}
      </div>
      {notes.length === 0 ? <p className="tl-dim">Nobody has noted anything.</p> : null}
      <ul className="comment-list">
        {notes.map((note) => (
          <li key={`${note.at} ${note.by}`}>
            <p className="making-text">{note.text}</p>
            <p className="tl-dim">
              {note.by}, {formatInstant(note.at, 'record', timeZone)}
            </p>
          </li>
        ))}
      </ul>
      {noting ? <NoteDialog deviation={deviation} onClose={() => setNoting(false)} /> : null}
    </section>
  )
}

interface NoteDialogProps {
  readonly deviation: Deviation
  readonly onClose: () => void
}

function NoteDialog({ deviation: { id, version, code }, onClose }: NoteDialogProps): ReactElement {
  const [text, setText] = useState('')
  const [lots, setLots] = useState('')
  return (
    <TaskDialog
      title={`Note on ${code}`}
      verb="Add"
      failure="The note was not added"
      reason="none"
      check={() => (text.trim().length < 3 ? 'Write the note, in 3 characters at least.' : undefined)}
      onSave={() => client(noteDeviation, { deviationId: id, version, text: text.trim(), lots: codesOf(lots) })}
      onClose={onClose}
    >
      <Textarea
        label="Note"
        rows={4}
        maxLength={4000}
        data-autofocus
        value={text}
        onChange={({ currentTarget: { value } }) => setText(value)}
      />
      <TextInput
        label="Further lots and serials that it concerns"
        description="With spaces between; may stay empty."
        value={lots}
        onChange={({ currentTarget: { value } }) => setLots(value)}
      />
    </TaskDialog>
  )
}
