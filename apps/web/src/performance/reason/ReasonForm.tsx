import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { EquipmentNode, Reason, StopCategory } from '@throughline/model'
import { listReasons, StopCategory as StopCategorySchema, setReason } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { FormEnd } from '../../identity/access/FormEnd.tsx'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { categoryWords, reasonText } from '../machine/machine-words.ts'
import { linesOfTexts, textsOfLines } from './reason-texts.ts'

interface ReasonFormProps {
  readonly kind: Reason['kind']
  /** Undefined = a new one. */
  readonly reason: Reason | undefined
  readonly reasons: readonly Reason[]
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
}

/** A reason of a tree: where it may be chosen, what it is called, and what it does to the times. */
export function ReasonForm({ kind, reason, reasons, nodes, onClose }: ReasonFormProps): ReactElement {
  const queryClient = useQueryClient()
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(reason?.nodeId ?? nodes[0]?.id ?? null)
  const [parentId, setParentId] = useState<string>(reason?.parentId ?? '')
  const [code, setCode] = useState(reason?.code ?? '')
  const [english, setEnglish] = useState(reason?.texts['en'] ?? '')
  const [others, setOthers] = useState(linesOfTexts(reason?.texts ?? {}))
  const [category, setCategory] = useState<string>(reason?.category ?? (reason === undefined ? 'down' : ''))
  const [inside, setInside] = useState(reason?.insidePlannedTime ?? false)
  const [codes, setCodes] = useState(reason?.machineCodes.join(', ') ?? '')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const save = useMutation({
    mutationFn: (texts: Record<string, string>) =>
      client(setReason, {
        reasonId: reason?.id ?? null,
        kind,
        nodeId: nodeId ?? '',
        parentId: parentId === '' ? null : parentId,
        code: code.trim(),
        texts,
        category: kind === 'scrap' || category === '' ? null : (category as StopCategory),
        insidePlannedTime: inside,
        machineCodes: codes.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()])),
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [listReasons.name] })
      onClose()
    },
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const read = textsOfLines(others)
    const wrong =
      nodeId === null
        ? 'Choose the area where it may be given.'
        : code.trim() === ''
          ? 'Give it a code.'
          : english.trim() === ''
            ? 'Give it an English text: others fall back on it.'
            : read.problem
    setProblem(wrong)
    if (wrong === undefined) save.mutate({ ...read.texts, en: english.trim() })
  }

  return (
    <Dialog
      title={reason === undefined ? `Add a reason for ${kind === 'stop' ? 'stops' : 'scrap'}` : `Change ${reason.code}`}
      size="lg"
      onClose={onClose}
    >
      <form className="access-form" onSubmit={onSubmit}>
        <div>
          <p className="performance-bar-label">Where it may be given, with all below</p>
          <ScopePicker label="Where it may be given, with all below" nodes={nodes} value={nodeId} onPick={setNodeId} />
        </div>
        <TextInput
          label="Code"
          description="Never changes. Letters, digits, “.”, “-” and “_”."
          value={code}
          disabled={reason !== undefined}
          maxLength={60}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <TextInput
          label="Text in English"
          value={english}
          maxLength={100}
          onChange={(event) => setEnglish(event.currentTarget.value)}
        />
        <Textarea
          label="In other languages"
          description="One a line, such as de: Stau"
          rows={2}
          value={others}
          onChange={(event) => setOthers(event.currentTarget.value)}
        />
        <NativeSelect
          label="Belongs to"
          value={parentId}
          onChange={(event) => setParentId(event.currentTarget.value)}
          data={[
            { value: '', label: 'nothing: it stands at the top' },
            ...reasons
              .filter((one) => !one.retired && one.id !== reason?.id)
              .map((one) => ({ value: one.id as string, label: reasonText(one, navigator.languages) })),
          ]}
        />
        {kind === 'scrap' ? null : (
          <>
            <NativeSelect
              label="Counts as"
              value={category}
              onChange={(event) => setCategory(event.currentTarget.value)}
              data={[
                { value: '', label: 'nothing: it only groups others' },
                ...StopCategorySchema.options.map((value) => ({ value: value as string, label: categoryWords[value] })),
              ]}
            />
            <label className="day-picks">
              <span>
                <input type="checkbox" checked={inside} onChange={(event) => setInside(event.currentTarget.checked)} />{' '}
                Its time stays inside the planned busy time
              </span>
            </label>
            <TextInput
              label="What the machine’s reason tag says for it"
              description="Codes with commas between; such stops are then explained by themselves."
              value={codes}
              onChange={(event) => setCodes(event.currentTarget.value)}
            />
          </>
        )}
        <FormEnd problem={problem} save={save} failure="The reason was not saved" verb="Save" onCancel={onClose} />
      </form>
    </Dialog>
  )
}
