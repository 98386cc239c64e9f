import { TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { ProblemNotice } from '@throughline/ui'
import { X } from 'lucide-react'
import type { ReactElement } from 'react'
import { useId, useState } from 'react'
import { useDenial } from '../../identity/access/may.ts'
import type { StepFieldsProps } from './AskFields.tsx'
import type { TypedMedia } from './instruction-draft.ts'
import { acceptedMedia, mediaTypeOf, storeFile } from './media-file.ts'
import { StepMedia } from './StepMedia.tsx'
import { TextsFields } from './TextsFields.tsx'

const mostMedia = 10
const mediaWords = {
  picture: 'Picture',
  video: 'Video',
  'pdf-page': 'Page of a PDF',
  model: '3-D model',
} as const

/** What is shown with the step: files go into the plant's store as they are chosen. */
export function MediaFields({ step: { media }, languages, onChange }: StepFieldsProps): ReactElement {
  const fileId = useId()
  const denial = useDenial()
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const store = useMutation({
    mutationFn: (file: File) => {
      const read = mediaTypeOf(file)
      return 'type' in read ? storeFile(file, read.type) : Promise.resolve(undefined)
    },
    onSuccess: (stored) => {
      if (stored === undefined) return
      const page = stored.kind === 'pdf-page' ? '1' : ''
      onChange({ media: [...media, { ...stored, alt: {}, page }] })
    },
  })
  const replace = (index: number, change: Partial<TypedMedia>): void =>
    onChange({ media: media.map((each, place) => (place === index ? { ...each, ...change } : each)) })

  function choose(file: File | undefined): void {
    if (file === undefined) return
    const read = mediaTypeOf(file)
    setProblem('problem' in read ? read.problem : undefined)
    if ('type' in read) store.mutate(file)
  }

  const mayNot =
    denial('execution.media.write', 'store files') ??
    (media.length >= mostMedia ? `A step shows at most ${mostMedia} files.` : undefined)
  return (
    <fieldset className="form-lines">
      <legend>What is shown</legend>
      <ol className="draft-members">
        {media.map((each, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same picture may be shown twice
          <li key={index} className="draft-member">
            <p className="draft-member-end">
              <strong>
                {index + 1}. {mediaWords[each.kind]}
              </strong>
              <button
                type="button"
                className="icon-button"
                aria-label={`Take file ${index + 1} away`}
                onClick={() => onChange({ media: media.toSpliced(index, 1) })}
              >
                <X size={16} aria-hidden="true" />
              </button>
            </p>
            <StepMedia media={{ ...each, page: Number(each.page) || 1 }} />
            {each.kind === 'pdf-page' ? (
              <TextInput
                label={`Page of file ${index + 1}`}
                inputMode="numeric"
                value={each.page}
                maxLength={5}
                onChange={({ currentTarget: { value } }) => replace(index, { page: value })}
              />
            ) : null}
            <TextsFields
              label={`What file ${index + 1} shows`}
              texts={each.alt}
              languages={languages}
              maxLength={300}
              onChange={(alt) => replace(index, { alt })}
            />
          </li>
        ))}
      </ol>
      {mayNot === undefined ? (
        <div className="form-line">
          <label htmlFor={fileId}>Add a picture, video, PDF or glTF model (.glb), up to 16 MB</label>
          <input
            id={fileId}
            type="file"
            accept={acceptedMedia}
            disabled={store.isPending}
            onChange={({ currentTarget }) => {
              choose(currentTarget.files?.[0])
              currentTarget.value = ''
            }}
          />
        </div>
      ) : (
        <p>{mayNot}</p>
      )}
      {store.isPending ? <p role="status">The file is being stored</p> : null}
      {problem === undefined ? null : <p role="alert">{problem}</p>}
      {store.isError ? <ProblemNotice what="The file was not stored" error={store.error} /> : null}
    </fieldset>
  )
}
