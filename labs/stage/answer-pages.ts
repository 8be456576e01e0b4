/** The tutorial's 404 and 503 pages, repaired: a blank line between head and body. */
const style = `.title {
        font-family: "Source Sans Pro", "Helvetica Neue", Arial, sans-serif;
        display: block;
        font-weight: 300;
        font-size: 60px;
        color: #35495e;
        letter-spacing: 1px;
      }`;

function page(status: number, reason: string, title: string): string {
  return `HTTP/1.1 ${status} ${reason}
Cache-Control: no-cache
Content-Type: text/html; charset=UTF-8
Connection: close

<!doctype html>
<html>
  <head>
    <meta charset="utf-8">
    <title>${status}</title>
    <style>
      ${style}
    </style>
  </head>
  <body>
    <h1 class="title">${title}</h1>
  </body>
</html>
`;
}

/** By file name, as the proxy's configuration names them. */
export const answerPages: Readonly<Record<string, string>> = {
  '404.http': page(404, 'nope', '😡 Nope❗️'),
  '503.http': page(503, 'your application is in deployment', '😢 Ouch...'),
};
