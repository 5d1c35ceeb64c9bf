import { queryOptions } from '@tanstack/react-query'
import type { CollaboratorRight } from '../../model/collaborator.js'
import { callApi } from './call-api.js'
import { queryClient } from './query-client.js'

export const collaboratorsQuery = (name: string) =>
  queryOptions({
    queryKey: ['collaborators', name],
    queryFn: ({ signal }) => callApi('listCollaborators', { params: { name } }, signal),
  })

const look = (name: string) => queryClient.invalidateQueries({ queryKey: collaboratorsQuery(name).queryKey })

/** Shares the site with somebody, or gives them another right. */
export async function setCollaborator(name: string, login: string, right: CollaboratorRight): Promise<void> {
  await callApi('setCollaborator', { params: { name, login }, body: { right } })
  await look(name)
}

export async function removeCollaborator(name: string, login: string): Promise<void> {
  await callApi('removeCollaborator', { params: { name, login } })
}

/** After somebody was removed; not when it was the person who looks, who may see it no more. */
export const lookAtCollaborators = look
