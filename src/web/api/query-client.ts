import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './api-error.js'

/** The cache of what the server said. Events of the live stream keep it fresh, so nothing is asked again merely because time passes. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => error instanceof ApiError && error.network && failures < 2,
    },
  },
})
