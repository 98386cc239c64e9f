import { Button, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Tag, UnmappedSource } from '@throughline/model'
import { listUnmappedSources, mapSource } from '@throughline/model'
import { formatNumber, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { TagPicker } from '../../equipment/tag/TagPicker.tsx'

interface MapSourceDialogProps {
  readonly source: UnmappedSource
  readonly onClose: () => void
  /** Hears, in words, what was done. */
  readonly onMapped: (text: string) => void
}

/** Gives one unmapped source to a tag, after saying what that does. */
export function MapSourceDialog({ source, onClose, onMapped }: MapSourceDialogProps): ReactElement {
  // The key belongs to the choice: pressing Map twice, or again after a lost answer, maps once.
  const [choice, setChoice] = useState<{ tag: Tag; key: string } | undefined>(undefined)
  const queryClient = useQueryClient()
  const map = useMutation({
    mutationFn: ({ tag, key }: { tag: Tag; key: string }) =>
      client(mapSource, { source: source.source, tagId: tag.id }, { idempotencyKey: key }),
    onSuccess: async ({ moved }, { tag }) => {
      await queryClient.invalidateQueries({ queryKey: [listUnmappedSources.name] })
      onMapped(
        `${source.source} now belongs to ${tag.path}; ${formatNumber(moved, 0)} parked samples became its history.`,
      )
    },
  })
  return (
    <Modal opened onClose={onClose} title="Map a source to a tag" closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className="map-form">
        <p className="map-source">
          <strong>{source.source}</strong> has {formatNumber(source.count, 0)} parked samples. They become the history
          of the tag you choose, and what it sends from now on follows.
        </p>
        <div>
          <p>Tag: {choice === undefined ? 'none chosen' : <strong>{choice.tag.path}</strong>}</p>
          <TagPicker
            label="Tag that gets the source"
            placeholder="Words of its path"
            onPick={(tag) => setChoice({ tag, key: crypto.randomUUID() })}
          />
        </div>
        {map.isError ? <ProblemNotice what="The source was not mapped" error={map.error} /> : null}
        <div className="tl-notice-action">
          <Button
            disabled={choice === undefined}
            loading={map.isPending}
            onClick={() => choice !== undefined && map.mutate(choice)}
          >
            Map
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </Modal>
  )
}
