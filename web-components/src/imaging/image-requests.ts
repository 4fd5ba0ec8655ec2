interface Request {
  readonly xhr: XMLHttpRequest;
  dropped: boolean;
}

/** The requests for whole images that are under way; not the one by which a first image is drawn while it arrives. */
const requests = new Map<string, Request>();

/** Keeps hold of a request, before it is sent. */
export function keepRequest(imageId: string, xhr: XMLHttpRequest): void {
  const request = { xhr, dropped: false };
  requests.set(imageId, request);
  xhr.addEventListener("loadend", () => {
    if (requests.get(imageId) === request) requests.delete(imageId);
  });
}

/** To be called right before a request is sent: one that was dropped meanwhile ends with its sending. */
export function endIfDropped(imageId: string): void {
  const request = requests.get(imageId);
  if (request?.dropped === true) setTimeout(() => request.xhr.abort());
}

/** Ends the request for an image, if there is one. */
export function dropRequest(imageId: string): void {
  const request = requests.get(imageId);
  if (request === undefined) return;
  request.dropped = true;
  // Does nothing to one that is not sent yet.
  request.xhr.abort();
}
