import { Button, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import type { BillOfMaterial } from '@throughline/model'
import { draftBom, listBoms } from '@throughline/model'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { DraftProblems } from '../../execution/form/DraftProblems.tsx'
import { movedTo } from '../../execution/form/draft-problem.ts'
import { PartList } from '../../execution/form/PartList.tsx'
import { PartProblems } from '../../execution/form/PartProblems.tsx'
import { UnsavedGuard } from '../../execution/form/UnsavedGuard.tsx'
import { useDraftForm } from '../../execution/form/use-draft-form.ts'
import { useDraftBase } from '../../execution/version/DraftBase.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { localHint } from '../../performance/window/window-choice.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import type { TypedBom, TypedLine } from './material-draft.ts'
import { bomContent, bomWords, newLine, nextPosition, typedBom } from './material-draft.ts'
import '../../execution/form/draft.css'
import '../../performance/performance.css'

/** Writes the bill of material of a product, or its next version: the lines in order, the open one with all its fields. */
export function BomForm({ before }: { readonly before: BillOfMaterial | undefined }): ReactElement {
  const navigate = useNavigate()
  const denial = useDenial()
  const timeZone = usePlantZone()
  const base = useDraftBase(before)
  const draft = useDraftForm({
    begin: () => typedBom(before, timeZone),
    partsOf: (typed: TypedBom): readonly TypedLine[] => typed.lines,
    withParts: (lines) => ({ lines }),
    ...{ words: bomWords, read: (typed: TypedBom) => bomContent(typed, timeZone), list: listBoms.name },
    save: (content) => client(draftBom, { ...content, drawnFrom: base.drawnFrom }),
    leave: ({ product, version }) =>
      navigate({ to: '/bills-of-material/$product', params: { product }, search: { version } }),
  })
  const { typed, change, open, openIndex, problems, saving } = draft
  const { lines } = typed
  const mayNot = denial('material.definition.write', 'write bills of material')
  const isDraft = before?.state === 'draft'
  const next = before === undefined ? 1 : isDraft ? before.version : before.version + 1
  return (
    <form onSubmit={draft.onSubmit} noValidate>
      <UnsavedGuard unsaved={draft.unsaved} />
      <ScreenHead
        above={<Link to="/bills-of-material">Bills of material</Link>}
        title={before === undefined ? 'New bill of material' : `Bill of material of ${before.product}, version ${next}`}
        answer="A draft: no order is released by it before it is reviewed and released; running orders keep theirs."
        actions={
          <Button type="submit" loading={saving.isPending} disabled={mayNot !== undefined}>
            Save the draft
          </Button>
        }
      />
      {mayNot === undefined ? null : <p className="screen-note">{mayNot}</p>}
      {base.notice}
      <DraftProblems problems={problems} error={saving.error} noun="Line" onOpen={draft.openAt} />
      <section className="performance-panel draft-head" aria-label="The bill of material itself">
        <div className="form-grid">
          <TextInput
            label="Product"
            description="Material code of what is made"
            value={typed.product}
            maxLength={60}
            disabled={before !== undefined}
            onChange={({ currentTarget: { value } }) => change({ product: value })}
          />
          <TextInput
            label="Why it is changed"
            description="Stands with the version"
            value={typed.changeReason}
            maxLength={500}
            onChange={({ currentTarget: { value } }) => change({ changeReason: value })}
          />
        </div>
      </section>
      <div className="draft-author" data-columns="2">
        <PartList
          title="Lines"
          noun="line"
          parts={lines.map(({ id, position, material, quantity, unit }) => ({
            ...{ id, title: `Position ${position}: ${material || 'no material yet'}` },
            about: quantity === '' ? 'No quantity yet' : `${quantity} ${unit === '1' ? 'pieces' : unit}`,
          }))}
          openId={draft.openId}
          problems={problems}
          onOpen={draft.onOpen}
          onMove={(from, to) => draft.reorder(movedTo(lines, from, to))}
          onRemove={draft.remove}
          onAdd={() => draft.insert(newLine(nextPosition(lines)))}
        />
        {open === undefined ? (
          <p>The list has no line yet: add one.</p>
        ) : (
          <LineEditor
            key={open.id}
            line={open}
            number={openIndex + 1}
            hint={localHint(timeZone)}
            problems={draft.openProblems}
            onChange={draft.changeOpen}
          />
        )}
      </div>
    </form>
  )
}

interface LineEditorProps {
  readonly line: TypedLine
  readonly number: number
  readonly hint: string
  readonly problems: readonly string[]
  readonly onChange: (change: Partial<TypedLine>) => void
}

function LineEditor({ line, number, hint, problems, onChange }: LineEditorProps): ReactElement {
  const field = (name: Exclude<keyof TypedLine, 'id'>, label: string, description: string): ReactElement => (
    <TextInput
      label={label}
      description={description}
      value={line[name]}
      maxLength={400}
      onChange={({ currentTarget: { value } }) => onChange({ [name]: value })}
    />
  )
  return (
    <section className="draft-editor" aria-labelledby="draft-line">
      <h2 id="draft-line">Line {number}</h2>
      <PartProblems noun="line" problems={problems} />
      <div className="form-grid">
        {field('position', 'Position', 'As on the drawing: 10, 20')}
        {field('material', 'Material', 'Its code')}
        {field('quantity', 'Quantity', 'For one unit of the product')}
        {field('unit', 'Unit', 'UCUM code; 1 = pieces')}
        {field('alternates', 'May stand in', 'Codes of other materials, with commas')}
      </div>
      <fieldset className="form-lines">
        <legend>Built in from and to</legend>
        <div className="form-grid">
          {field('from', 'From', `${hint}; empty = no bound`)}
          {field('to', 'To', 'Not built in from then on; empty = no bound')}
          {field('firstSerial', 'First serial', 'Of the product; empty = no bound')}
          {field('lastSerial', 'Last serial', 'Of the product; empty = no bound')}
        </div>
      </fieldset>
    </section>
  )
}
