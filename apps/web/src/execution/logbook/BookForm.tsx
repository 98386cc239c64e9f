import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { EquipmentNode, Logbook } from '@throughline/model'
import { LogbookKind, setLogbook } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { TaskDialog } from '../form/TaskDialog.tsx'
import { formLines, formsOfLines } from './book-forms.ts'
import { bookKindWords } from './logbook-words.ts'

interface BookFormProps {
  readonly nodes: readonly EquipmentNode[]
  /** Undefined = a new one. */
  readonly book: Logbook | undefined
  readonly onClose: () => void
}

/** Opens a book at a place, or changes its forms; entries keep the form that they were made by. */
export function BookForm({ nodes, book, onClose }: BookFormProps): ReactElement {
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(book?.nodeId ?? null)
  const [kind, setKind] = useState<Logbook['kind']>(book?.kind ?? 'equipment')
  const [name, setName] = useState(book?.name ?? '')
  const [lines, setLines] = useState(() => formLines(book?.templates ?? []))
  const read = formsOfLines(lines, book?.templates ?? [])
  return (
    <TaskDialog
      title={book === undefined ? 'Open a logbook' : `Forms of ${book.name}`}
      verb={book === undefined ? 'Open' : 'Change'}
      failure="The logbook was not set"
      check={() => (nodeId === null ? 'Choose where it lies.' : name.trim() === '' ? 'Give it a name.' : read.problem)}
      onSave={(reason) =>
        client(setLogbook, { nodeId: nodeId ?? '', kind, name: name.trim(), templates: [...read.forms], reason })
      }
      onClose={onClose}
    >
      {book === undefined ? (
        <>
          <div>
            <p className="performance-bar-label">Where it lies</p>
            <ScopePicker
              label="Where it lies"
              nodes={nodes}
              value={nodeId}
              onPick={setNodeId}
              none="Type part of its path"
            />
          </div>
          <NativeSelect
            label="Kind"
            value={kind}
            data={LogbookKind.options.map((value) => ({ value: value as string, label: bookKindWords[value] }))}
            onChange={({ currentTarget: { value } }) => setKind(LogbookKind.parse(value))}
          />
          <TextInput
            label="Name"
            value={name}
            maxLength={120}
            onChange={({ currentTarget: { value } }) => setName(value)}
          />
        </>
      ) : null}
      <Textarea
        label="Forms and their fields"
        description="A form stands alone in its line: clean: Cleaning. Its fields follow, each with a dash: - agent: Cleaning agent (text); - temperature: Temperature (number, Cel); - rinsed: Rinsed (check); - way: Way (choice: by hand, by machine). A question mark after the bracket: may stay empty."
        autosize
        minRows={5}
        value={lines}
        onChange={({ currentTarget: { value } }) => setLines(value)}
      />
      {kind === 'cleaning' ? <p>An entry by the form “clean” makes the equipment clean from then on.</p> : null}
    </TaskDialog>
  )
}
