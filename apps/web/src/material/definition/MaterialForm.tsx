import { NativeSelect, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { draftMaterialDefinition as draftOperation, MaterialDefinition } from '@throughline/model'
import { draftMaterialDefinition } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import type { z } from 'zod'
import { client } from '../../door/client.ts'
import { useMakingRefresh } from '../../execution/form/making-queries.ts'
import { Tick } from '../../execution/form/Tick.tsx'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { FormEnd } from '../../identity/access/FormEnd.tsx'
import type { TypedMaterial } from './material-draft.ts'
import { controlWords, kindWords, materialContent, typedMaterial } from './material-draft.ts'

interface MaterialFormProps {
  /** What the next version starts from; undefined = a new material. */
  readonly before: MaterialDefinition | undefined
  readonly onClose: () => void
  readonly onDrafted: (draft: MaterialDefinition) => void
}

/** Writes a material, or its next version. It is used once it is reviewed and released. */
export function MaterialForm({ before, onClose, onDrafted }: MaterialFormProps): ReactElement {
  const refresh = useMakingRefresh()
  const [typed, setTyped] = useState<TypedMaterial>(() => typedMaterial(before))
  const [problems, setProblems] = useState<readonly string[]>([])
  const save = useMutation({
    mutationFn: (content: z.output<(typeof draftOperation)['input']>) => client(draftMaterialDefinition, content),
    onSuccess: async (draft) => {
      await refresh()
      onDrafted(draft)
      onClose()
    },
  })
  const change = (next: Partial<TypedMaterial>): void => setTyped((all) => ({ ...all, ...next }))
  const field = (name: TextField, label: string, description?: string, disabled = false): ReactElement => (
    <TextInput
      label={label}
      {...(description === undefined ? {} : { description })}
      value={typed[name]}
      disabled={disabled}
      maxLength={name === 'name' ? 200 : 60}
      onChange={({ currentTarget: { value } }) => change({ [name]: value })}
    />
  )

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const read = materialContent(typed)
    setProblems('problems' in read ? read.problems.map(({ message }) => message) : [])
    if ('content' in read) save.mutate(read.content)
  }

  const isKnown = before !== undefined
  return (
    <Dialog title={isKnown ? `${before.code}: the next version` : 'Write a material'} size="lg" onClose={onClose}>
      <form className="access-form" onSubmit={onSubmit} noValidate>
        <div className="form-grid">
          {field('code', 'Code', 'Part or material number', isKnown)}
          {field('name', 'Name')}
          <NativeSelect
            label="Kind"
            value={typed.kind}
            data={Object.entries(kindWords).map(([value, label]) => ({ value, label }))}
            onChange={({ currentTarget: { value } }) => change({ kind: value as TypedMaterial['kind'] })}
          />
          {field('unit', 'Unit', 'UCUM code: kg, m; 1 = pieces', isKnown)}
          <NativeSelect
            label="Control"
            value={typed.control}
            disabled={isKnown}
            data={Object.entries(controlWords).map(([value, label]) => ({ value, label }))}
            onChange={({ currentTarget: { value } }) => change({ control: value as TypedMaterial['control'] })}
          />
          {field('shelfLife', 'Shelf life', 'Days; empty = it does not expire')}
          {field('outLife', 'Out-life', 'Hours outside the cold store; empty = it does not age outside')}
          {field('gtin', 'GTIN', '14 digits; empty = none')}
        </div>
        <Tick
          label="A lot needs the supplier’s certificate to be issued"
          on={typed.needsCertificate}
          onChange={(needsCertificate) => change({ needsCertificate })}
        />
        <Tick
          label="A lot comes into quarantine, and quality makes it available"
          on={typed.quarantineOnReceipt}
          onChange={(quarantineOnReceipt) => change({ quarantineOnReceipt })}
        />
        {field('changeReason', 'Why it is changed', 'Stands with the version')}
        {problems.length < 2 ? null : (
          <ul role="alert">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
        <FormEnd
          problem={problems.length === 1 ? problems[0] : undefined}
          save={save}
          failure="The draft was not saved"
          verb="Save the draft"
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}

type TextField = 'code' | 'name' | 'unit' | 'shelfLife' | 'outLife' | 'gtin' | 'changeReason'
