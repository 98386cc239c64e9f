import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Stop } from '@throughline/model'
import { commentStop, getStop } from '@throughline/model'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useId, useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { useDenial } from '../../identity/access/may.ts'
import { base64Of, photoProblem, photoTypes } from './photo.ts'

interface StopCommentsProps {
  readonly stop: Stop
  readonly timeZone: string | undefined
}

/** What people remarked, with pictures; and one more. */
export function StopComments({ stop, timeZone }: StopCommentsProps): ReactElement {
  return (
    <section className="performance-panel" aria-labelledby="stop-comments">
      <h2 id="stop-comments">Remarks</h2>
      {stop.comments.length === 0 ? <p className="tl-dim">No remarks yet.</p> : null}
      <ol className="comment-list">
        {stop.comments.map((comment) => (
          <li key={comment.id} className="stop-comment">
            <p>{comment.text}</p>
            <span className="machine-sub">
              {comment.by}, {formatInstant(comment.at, 'record', timeZone)}
            </span>
            {comment.photo === null ? null : (
              <a href={`/api/performance/photo/${comment.photo}`} target="_blank" rel="noreferrer">
                <img
                  src={`/api/performance/photo/${comment.photo}`}
                  alt={`Goes with the remark of ${comment.by}: ${comment.text}`}
                  loading="lazy"
                />
              </a>
            )}
          </li>
        ))}
      </ol>
      <NewComment stop={stop} />
    </section>
  )
}

function NewComment({ stop }: { readonly stop: Stop }): ReactElement {
  const queryClient = useQueryClient()
  const refusal = useDenial()('performance.stop.explain', 'add remarks')
  const fileId = useId()
  const [text, setText] = useState('')
  const [photo, setPhoto] = useState<File | undefined>(undefined)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const [shownTimes, setShownTimes] = useState(0)
  const save = useMutation({
    mutationFn: async () =>
      client(commentStop, {
        stopId: stop.id,
        text: text.trim(),
        photo: photo === undefined ? null : await base64Of(photo),
      }),
    onSuccess: (saved) => {
      queryClient.setQueryData(ask(getStop, { stopId: stop.id }).queryKey, saved)
      setText('')
      setPhoto(undefined)
      setShownTimes((times) => times + 1)
    },
  })
  if (refusal !== undefined) return <p>{refusal}</p>

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const wrong = text.trim() === '' ? 'Write what you saw.' : photo === undefined ? undefined : photoProblem(photo)
    setProblem(wrong)
    if (wrong === undefined) save.mutate()
  }

  return (
    <form className="access-form" onSubmit={onSubmit}>
      <Textarea
        label="Remark"
        rows={2}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="form-line">
        <label htmlFor={fileId}>Picture (JPEG, PNG or WebP, up to 4 MB)</label>
        <input
          key={shownTimes}
          id={fileId}
          type="file"
          accept={photoTypes.join()}
          onChange={(event) => setPhoto(event.currentTarget.files?.[0])}
        />
      </div>
      {problem === undefined ? null : <p role="alert">{problem}</p>}
      {save.isError ? <ProblemNotice what="The remark was not recorded" error={save.error} /> : null}
      <div className="access-actions">
        <Button type="submit" variant="default" loading={save.isPending}>
          Add the remark
        </Button>
      </div>
    </form>
  )
}
