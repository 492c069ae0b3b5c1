/** Asking the server. An answer is remembered by its tag, in memory only, and asked for again only when it changed. */
const MOST = 60;
const remembered = new Map();
/** The server's own sentence about what is wrong. */
export class AnswerError extends Error {
}
/** The answer of `/api/` + `path`. The same object comes back as long as nothing changed. */
export async function ask(path, parameters, signal) {
    const query = parameters?.toString();
    const url = `/api/${path}${query ? `?${query}` : ""}`;
    const known = remembered.get(url);
    const headers = known ? { "If-None-Match": known.tag } : {};
    let response;
    try {
        response = await fetch(url, { headers, signal, cache: "no-store", credentials: "same-origin" });
    }
    catch (error) {
        if (signal.aborted)
            throw error;
        throw new AnswerError("spanwise view has ended; start it again and open the address that it prints");
    }
    if (response.status === 304 && known)
        return known.answer;
    const answer = await response.json();
    if (!response.ok)
        throw new AnswerError(sentence(answer));
    remember(url, { tag: response.headers.get("ETag") ?? "", answer });
    return answer;
}
function remember(url, answer) {
    remembered.delete(url);
    remembered.set(url, answer);
    const oldest = remembered.keys().next();
    if (remembered.size > MOST && !oldest.done)
        remembered.delete(oldest.value);
}
function sentence(answer) {
    const said = typeof answer === "object" && answer !== null && "error" in answer ? answer.error : null;
    return typeof said === "string" ? said : "the answer was not understood";
}
