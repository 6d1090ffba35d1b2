;;; What a person does in Emacs, and what they see: as JSON in the file that SEEN names. -*- lexical-binding: t -*-
;;; emacs --batch --load CONFIGURATION --load THIS FILE; EDITOR_CLIENT is eglot or lsp-mode.
(require 'json)
(require 'cl-lib)
(require 'flymake)

(defvar seen (list (cons 'version emacs-version)))
(defun seen (what value) (setq seen (append seen (list (cons what value)))))

(defun wait (what condition)
  (let ((end (+ (float-time) 30)) found)
    (while (not (setq found (funcall condition)))
      (when (> (float-time) end) (error "waited in vain for %s, with %S" what (diagnostics)))
      (accept-process-output nil 0.02)
      (read-event nil nil 0.01)) ; by which it hears of files
    found))

(defun diagnostics () (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
(defun shows (words) (cl-some (lambda (text) (string-search words text)) (diagnostics)))

(defun open (path problem)
  (find-file (expand-file-name path command-line-default-directory))
  (run-hooks 'post-command-hook) ; by which eglot-ensure connects: batch mode runs no commands
  (wait "a connection" #'connected)
  (flymake-start) ; which otherwise waits until the buffer is displayed
  (wait problem (lambda () (shows problem)))
  (goto-char (point-min)))

(defun act (words)
  "Choose the action whose title has these WORDS; all titles that were offered."
  (let* (titles
         (last-nonmenu-event ?\r) ; by the keyboard
         (completing-read-function
          (lambda (_prompt collection &rest _)
            (setq titles (all-completions "" collection))
            (cl-find-if (lambda (title) (string-search words title)) titles))))
    (cl-letf (((symbol-function 'y-or-n-p) (lambda (&rest _) t)))
      (actions))
    (vconcat titles)))

(defun mend (words problem)
  (let* ((before (buffer-string)) (titles (act words)))
    (wait "the edit" (lambda () (not (string= before (buffer-string)))))
    (save-some-buffers t)
    (wait (concat "the end of " problem) (lambda () (not (shows problem))))
    (list (cons 'actions titles) (cons 'left (vconcat (diagnostics))))))

(defun session ()
  (open "drizzle/0005_index_assets_by_room.sql" "builds an index")
  (seen 'diagnostics (vconcat (diagnostics)))
  (seen 'hover (hover))
  (seen 'index (mend "CONCURRENTLY" "builds an index"))
  (open "drizzle/0006_require_locale.sql" "reads every row")
  (seen 'required (mend "Split" "reads every row"))
  (let ((asked "code that is still running"))
    (wait asked (lambda () (shows asked)))
    (write-region "[rules]\nnot-null-breaks-writers = 'off'\n" nil
                  (expand-file-name "raincheck.toml" command-line-default-directory))
    (wait "news of a file" (lambda () (not (shows asked))))
    (seen 'watches t))
  (leave))

(if (equal (getenv "EDITOR_CLIENT") "eglot")
    (progn
      (require 'eglot)
      (defun connected () (eglot-current-server))
      (defun hover ()
        (let (shown)
          (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown text)))
          (substring-no-properties (wait "the hover" (lambda () shown)))))
      (defun actions () (eglot-code-actions (point) (1+ (point)) nil t))
      (defun leave ()
        (let ((server (eglot-current-server)))
          (seen 'encoding (or (plist-get (eglot--capabilities server) :positionEncoding) "utf-16"))
          (eglot-shutdown server)
          (seen 'running (jsonrpc-running-p server)))))
  (load "lsp-mode-autoloads" nil t)
  (require 'lsp-mode)
  (setq lsp-auto-guess-root t lsp-headerline-breadcrumb-enable nil)
  (defun connected () (lsp-workspaces))
  (defun hover ()
    (lsp--render-element (gethash "contents" (lsp-request "textDocument/hover" (lsp--text-document-position-params)))))
  (defun actions () (call-interactively #'lsp-execute-code-action))
  (defun leave () (lsp-disconnect)))

(condition-case problem (session) (error (seen 'problem (error-message-string problem))))
(seen 'messages (with-current-buffer (messages-buffer) (buffer-string)))
(with-temp-file (getenv "SEEN") (insert (json-encode seen)))
